"""The journal: accounts, entries of transfers, balances, blocks, commands, periods, calculations."""

from alembic import op

from migrations.protection import event_rows, insert_only, reader, seen_by, writer

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The book stands last in every key and index. Most books stand alone in their database, and before the first ANALYZE
# the planner takes "this book" for a rare value: it would read an index by the book alone, that is, the whole table,
# and a connection keeps to such a plan for as long as it lives (measured: many times slower).
TABLES = """
CREATE TABLE book (
    id               smallint PRIMARY KEY,
    code             varchar NOT NULL CONSTRAINT uq_book_code UNIQUE,
    name             varchar NOT NULL,
    last_seq         bigint NOT NULL,
    last_block       bigint NOT NULL,
    last_hash        bytea NOT NULL,
    last_recorded_at timestamptz NOT NULL,
    generation       bigint NOT NULL
);

CREATE TABLE asset (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    code    varchar NOT NULL,
    kind    varchar NOT NULL,
    scale   smallint NOT NULL,
    name_zh varchar NOT NULL,
    name_en varchar NOT NULL,
    PRIMARY KEY (code, book)
);

CREATE SEQUENCE account_id;

CREATE TABLE account (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    id              bigint NOT NULL,
    address         varchar NOT NULL,
    entity          varchar NOT NULL,
    side            varchar NOT NULL CHECK (side IN ('financial', 'budgetary', 'control')),
    type            varchar NOT NULL,
    normal          varchar NOT NULL CHECK (normal IN ('D', 'C')),
    asset           varchar NOT NULL,
    owner           varchar NOT NULL,
    government_code varchar,
    may_overdraw    boolean NOT NULL,
    hot             boolean NOT NULL,
    opened_on       date NOT NULL,
    PRIMARY KEY (id, book)
);
CREATE UNIQUE INDEX uq_account_address ON account (address, book);
CREATE INDEX ix_account_owner ON account (owner, book);

CREATE TABLE account_closing (
    book      smallint NOT NULL,
    command   uuid NOT NULL,
    account   bigint NOT NULL,
    closed_on date NOT NULL,
    reason    varchar NOT NULL,
    PRIMARY KEY (account, book)
);

-- The limit of an account is a CHECK: whatever path a debit takes, a bucket never holds less than nothing.
CREATE TABLE balance (
    book    smallint NOT NULL,
    account bigint NOT NULL,
    debits  bigint NOT NULL CHECK (debits >= 0),
    credits bigint NOT NULL CHECK (credits >= 0),
    version bigint NOT NULL,
    floor   varchar,
    PRIMARY KEY (account, book),
    CONSTRAINT ck_balance_never_overdrawn CHECK (
        CASE floor WHEN 'D' THEN debits >= credits WHEN 'C' THEN credits >= debits ELSE floor IS NULL END
    )
);

CREATE TABLE day_balance (
    book         smallint NOT NULL,
    account      bigint NOT NULL,
    effective_on date NOT NULL,
    debits       bigint NOT NULL,
    credits      bigint NOT NULL,
    PRIMARY KEY (account, effective_on, book)
);

CREATE TABLE budget_line (
    book             smallint NOT NULL,
    command          uuid NOT NULL,
    code             varchar NOT NULL,
    document_number  varchar NOT NULL,
    project_code     varchar NOT NULL,
    functional_class varchar NOT NULL,
    economic_class   varchar NOT NULL,
    funding_source   varchar NOT NULL,
    plan_stage       varchar NOT NULL,
    PRIMARY KEY (code, book)
);

CREATE TABLE command (
    book     smallint NOT NULL,
    id       uuid NOT NULL,
    tenant   varchar NOT NULL,
    key      varchar NOT NULL,
    kind     varchar NOT NULL,
    actor    varchar NOT NULL,
    request  jsonb NOT NULL,
    status   varchar NOT NULL CHECK (status IN ('accepted', 'refused')),
    answer   jsonb NOT NULL,
    block    bigint NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (id, book)
);
CREATE UNIQUE INDEX uq_command_key ON command (key, tenant, book);
CREATE UNIQUE INDEX uq_command_block_position ON command (block, position, book);

CREATE TABLE entry (
    book          smallint NOT NULL,
    seq           bigint NOT NULL CHECK (seq > 0),
    id            uuid NOT NULL,
    command       uuid NOT NULL,
    position      integer NOT NULL,
    template      varchar NOT NULL,
    effective_on  date NOT NULL,
    actor         varchar NOT NULL,
    citation      varchar NOT NULL,
    calculation   uuid,
    evidence_hash bytea,
    reverses      bigint CHECK (reverses < seq),
    reason        varchar,
    second_person varchar CHECK (second_person <> actor),
    memo          varchar NOT NULL,
    PRIMARY KEY (seq, book)
);
CREATE UNIQUE INDEX uq_entry_id ON entry (id, book);
CREATE INDEX ix_entry_command ON entry (command, book);
CREATE UNIQUE INDEX uq_entry_reverses ON entry (reverses, book) WHERE reverses IS NOT NULL;

-- One debit and one credit account per row: an unbalanced entry cannot be written down.
CREATE TABLE transfer (
    book        smallint NOT NULL,
    seq         bigint NOT NULL,
    line        smallint NOT NULL,
    debit       bigint NOT NULL,
    credit      bigint NOT NULL,
    asset       varchar NOT NULL,
    amount      bigint NOT NULL CHECK (amount > 0 AND amount <= 1000000000000000),
    budget_line varchar,
    PRIMARY KEY (seq, line, book),
    CONSTRAINT ck_transfer_two_accounts CHECK (debit <> credit),
    CONSTRAINT ck_transfer_budget_line CHECK ((asset = 'BUDGET') = (budget_line IS NOT NULL))
);
CREATE INDEX ix_transfer_debit_seq ON transfer (debit, seq);
CREATE INDEX ix_transfer_credit_seq ON transfer (credit, seq);

CREATE TABLE block (
    book          smallint NOT NULL,
    number        bigint NOT NULL CHECK (number > 0),
    first_seq     bigint NOT NULL,
    last_seq      bigint NOT NULL CHECK (last_seq >= first_seq - 1),
    leaves        integer NOT NULL CHECK (leaves > 0),
    recorded_at   timestamptz NOT NULL,
    merkle_root   bytea NOT NULL,
    previous_hash bytea NOT NULL,
    hash          bytea NOT NULL,
    hash_version  smallint NOT NULL,
    PRIMARY KEY (number, book)
);

CREATE TABLE period (
    book      smallint NOT NULL,
    command   uuid NOT NULL,
    code      varchar NOT NULL,
    starts_on date NOT NULL,
    ends_on   date NOT NULL CHECK (ends_on >= starts_on),
    PRIMARY KEY (code, book),
    CONSTRAINT ex_period_no_overlap EXCLUDE USING gist (
        int4range(book, book, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&
    )
);

CREATE TABLE period_step (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    period             varchar NOT NULL,
    status             varchar NOT NULL CHECK (status IN ('open', 'adjusting', 'closed')),
    first_signature    varchar NOT NULL,
    second_signature   varchar NOT NULL CHECK (status = 'open' OR second_signature <> first_signature),
    trial_balance_hash bytea,
    PRIMARY KEY (period, status, book)
);

CREATE TABLE period_balance (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    period  varchar NOT NULL,
    account bigint NOT NULL,
    debits  bigint NOT NULL,
    credits bigint NOT NULL,
    PRIMARY KEY (period, account, book)
);

CREATE TABLE calculation (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    id              uuid NOT NULL,
    policy          varchar NOT NULL,
    fact_on         date NOT NULL,
    known_on        date NOT NULL,
    version         varchar NOT NULL,
    synthetic       boolean NOT NULL,
    facts           jsonb NOT NULL,
    result          jsonb NOT NULL,
    derivation      jsonb NOT NULL,
    derivation_hash bytea NOT NULL,
    PRIMARY KEY (id, book)
);
"""

EVENT_TABLES = (
    "asset",
    "account",
    "account_closing",
    "budget_line",
    "period",
    "period_step",
    "period_balance",
    "calculation",
)

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: rows of the books are never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Correct with a reversal and a new entry.';
END $$
"""

# Row by row, foreign keys would cost half the speed of a bulk posting; over the inserted rows together this costs a
# tenth. Joins by hash or merge would read the whole account table for a handful of rows: only look-ups are allowed.
CHECK_TRANSFERS = """
CREATE FUNCTION check_transfers() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    wrong record;
BEGIN
    SELECT t.seq, t.line, t.asset,
           CASE WHEN e.seq IS NULL THEN 'its entry does not exist'
                WHEN d.id IS NULL THEN format('debit account %s does not exist', t.debit)
                WHEN c.id IS NULL THEN format('credit account %s does not exist', t.credit)
                WHEN d.asset <> t.asset THEN format('%s holds %s, not %s', d.address, d.asset, t.asset)
                WHEN c.asset <> t.asset THEN format('%s holds %s, not %s', c.address, c.asset, t.asset)
                WHEN d.side <> c.side THEN format('%s and %s stand on different sides', d.address, c.address)
                WHEN t.budget_line IS NOT NULL AND l.code IS NULL
                    THEN format('budget line %s does not exist', t.budget_line)
                WHEN dx.account IS NOT NULL THEN format('%s is closed since %s', d.address, dx.closed_on)
                WHEN cx.account IS NOT NULL THEN format('%s is closed since %s', c.address, cx.closed_on)
                ELSE format('%s belongs to %s and %s to %s', d.address, d.entity, c.address, c.entity)
           END AS reason
      INTO wrong
      FROM inserted t
      LEFT JOIN entry e ON e.book = t.book AND e.seq = t.seq
      LEFT JOIN account d ON d.book = t.book AND d.id = t.debit
      LEFT JOIN account c ON c.book = t.book AND c.id = t.credit
      LEFT JOIN budget_line l ON l.book = t.book AND l.code = t.budget_line
      LEFT JOIN account_closing dx ON dx.book = t.book AND dx.account = t.debit
      LEFT JOIN account_closing cx ON cx.book = t.book AND cx.account = t.credit
     WHERE e.seq IS NULL OR d.id IS NULL OR c.id IS NULL OR d.asset <> t.asset OR c.asset <> t.asset
        OR d.side <> c.side OR (t.budget_line IS NOT NULL AND l.code IS NULL)
        OR dx.account IS NOT NULL OR cx.account IS NOT NULL
        OR (t.asset IN ('CNY', 'CNY_BUDGETARY') AND d.entity <> c.entity)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer % of entry % is refused: %', wrong.line, wrong.seq, wrong.reason
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER transfer_is_checked AFTER INSERT ON transfer
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION check_transfers()
"""

PARTY = """
CREATE FUNCTION ledger_party() RETURNS varchar LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('ledger.party', true), '') $$
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(REFUSE_CHANGE)
    op.execute(CHECK_TRANSFERS)
    op.execute(PARTY)
    event_rows(*EVENT_TABLES)
    insert_only("command", "entry", "transfer", "block")
    for table in ("book", "balance", "day_balance"):
        op.execute(f"GRANT SELECT ON {table} TO {reader()}, {writer()}")
    op.execute(f"GRANT UPDATE (last_seq, last_block, last_hash, last_recorded_at, generation) ON book TO {writer()}")
    op.execute(f"GRANT INSERT, UPDATE (debits, credits, version) ON balance TO {writer()}")
    op.execute(f"GRANT INSERT, UPDATE (debits, credits) ON day_balance TO {writer()}")
    op.execute(f"GRANT USAGE ON SEQUENCE account_id TO {writer()}")
    op.execute(f"GRANT SELECT ON alembic_version TO {writer()}, {reader()}")  # to say which version it found
    _hide()
    genesis = "decode(repeat('00', 32), 'hex')"
    op.execute(f"INSERT INTO book VALUES (1, 'main', 'vledger', 0, 0, {genesis}, '1970-01-01T00:00:00Z', 0)")  # noqa: S608  our own words


def _hide() -> None:
    """What a reader sees of the journal: its own accounts and what moved on them; its own commands."""
    of_party = "SELECT 1 FROM account a WHERE a.book = {0}.book AND a.id = {1} AND a.entity = (SELECT ledger_party())"
    seen_by("account", "entity = (SELECT ledger_party())")
    for table in ("account_closing", "balance", "day_balance", "period_balance"):
        seen_by(table, f"EXISTS ({of_party.format(table, f'{table}.account')})")
    seen_by(
        "transfer",
        " OR ".join(f"EXISTS ({of_party.format('transfer', f'transfer.{side}')})" for side in ("debit", "credit")),
    )
    seen_by("entry", "EXISTS (SELECT 1 FROM transfer t WHERE t.book = entry.book AND t.seq = entry.seq)")
    seen_by("command", "tenant = (SELECT ledger_party())")
    seen_by(
        "calculation", "EXISTS (SELECT 1 FROM command c WHERE c.book = calculation.book AND c.id = calculation.command)"
    )
