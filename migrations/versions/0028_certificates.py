"""What papers prove about a party; contracts by which a second payer pays a part of the same service."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE party_certificate (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    number       varchar NOT NULL,
    party        varchar NOT NULL,
    kind         varchar NOT NULL,
    region       varchar NOT NULL,
    paper_number varchar NOT NULL,
    valid_from   date NOT NULL,
    valid_until  date,
    recorded_on  date NOT NULL,
    person       varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_party_certificate_party ON party_certificate (party, book);

CREATE TABLE party_certificate_end (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    certificate  varchar NOT NULL,
    party        varchar NOT NULL,
    withdrawn_on date NOT NULL,
    reason       varchar NOT NULL,
    person       varchar NOT NULL,
    PRIMARY KEY (certificate, book)
);

CREATE TABLE voucher_contract_match (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    contract varchar NOT NULL,
    matches  varchar NOT NULL,
    scheme   varchar NOT NULL,
    PRIMARY KEY (contract, book)
);
CREATE INDEX ix_voucher_contract_match_matches ON voucher_contract_match (matches, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("party_certificate", "party_certificate_end", "voucher_contract_match")
    me = "(SELECT ledger_party())"
    # Where a unit works and which list it stands on is published; the rest is its party's own.
    seen_by("party_certificate", f"party = {me} OR region <> ''")
    seen_by(
        "party_certificate_end",
        "EXISTS (SELECT 1 FROM party_certificate c "
        "WHERE c.book = party_certificate_end.book AND c.number = party_certificate_end.certificate)",
    )
    seen_by(
        "voucher_contract_match",
        "EXISTS (SELECT 1 FROM voucher_contract c "
        "WHERE c.book = voucher_contract_match.book AND c.number = voucher_contract_match.contract)",
    )
