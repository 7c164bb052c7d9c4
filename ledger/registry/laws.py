"""What must always hold of the registry: what is named is registered, and control runs in no circle.  (pure)"""

from ledger.journal.laws import Law

LAWS: tuple[Law, ...] = (
    Law(
        "registry.known",
        "登记资料所指的单位、人员和仪器均已登记",
        "a party, person or instrument that is named is not registered",
        """
        SELECT named.code, named.by
          FROM (
              SELECT 'team ' || code AS by, body AS code, 'party' AS kind FROM party
               WHERE book = %(book)s AND body IS NOT NULL
              UNION ALL SELECT 'cancellation', party, 'party' FROM party_cancellation WHERE book = %(book)s
              UNION ALL SELECT 'size', party, 'party' FROM party_size WHERE book = %(book)s
              UNION ALL SELECT 'controller', party, 'party' FROM party_controller WHERE book = %(book)s
              UNION ALL SELECT 'controller of ' || party, controller, 'person' FROM party_controller
               WHERE book = %(book)s AND controller ~ '^P-'
              UNION ALL SELECT 'account', party, 'party' FROM party_account WHERE book = %(book)s
              UNION ALL SELECT 'role of ' || person, organisation, 'party' FROM person_role WHERE book = %(book)s
              UNION ALL SELECT 'role', person, 'person' FROM person_role WHERE book = %(book)s
              UNION ALL SELECT 'mandate', person, 'person' FROM person_mandate WHERE book = %(book)s
              UNION ALL SELECT 'mandate of ' || person, acts_for, 'person' FROM person_mandate WHERE book = %(book)s
              UNION ALL SELECT 'flag', party, 'party' FROM party_flag WHERE book = %(book)s
              UNION ALL SELECT 'flag ' || number, operator, 'party' FROM party_flag WHERE book = %(book)s
              UNION ALL SELECT 'instrument ' || code, unit, 'party' FROM instrument WHERE book = %(book)s
              UNION ALL SELECT 'tariff', instrument, 'instrument' FROM tariff WHERE book = %(book)s
          ) AS named
          LEFT JOIN (
              SELECT code, 'party' AS kind FROM party WHERE book = %(book)s
              UNION ALL SELECT code, 'person' FROM person WHERE book = %(book)s
              UNION ALL SELECT code, 'instrument' FROM instrument WHERE book = %(book)s
          ) AS known USING (code, kind)
         WHERE known.code IS NULL
        """,
    ),
    Law(
        "registry.control",
        "控制关系不成环",
        "control runs in a circle",
        """
        WITH RECURSIVE latest AS (
            SELECT DISTINCT ON (party) party, controller FROM party_controller
             WHERE book = %(book)s ORDER BY party, step DESC
        ), up (party, controller) AS (
            SELECT party, controller FROM latest WHERE controller IS NOT NULL
            UNION
            SELECT u.party, l.controller FROM up u JOIN latest l ON l.party = u.controller
             WHERE l.controller IS NOT NULL
        )
        SELECT party, controller FROM up WHERE party = controller
        """,
    ),
)
