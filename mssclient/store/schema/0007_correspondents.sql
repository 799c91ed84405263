-- Whom a person chose to have at hand: favourites, and groups that are written to together.

CREATE TABLE favourite (
  address TEXT NOT NULL PRIMARY KEY,
  label TEXT NOT NULL,                -- as it was when chosen: shown when the Annuaire does not know the address
  kind TEXT NOT NULL,                 -- an address.CorrespondentKind
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE circle_group (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_sort TEXT NOT NULL             -- folded
) STRICT;

CREATE TABLE circle_member (
  group_id TEXT NOT NULL REFERENCES circle_group ON DELETE CASCADE,
  place INTEGER NOT NULL,
  address TEXT NOT NULL,
  label TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (group_id, address)
) STRICT;
CREATE INDEX circle_member_address ON circle_member (address);

-- The label that an address was last written to under.
CREATE INDEX outbox_recipient_address ON outbox_recipient (address, outbox_id);
