-- One generation of the local Annuaire. Public data, not encrypted; a file is built whole and then takes the place of the
-- one before it, so this script is no migration: a generation of another version is built again.

-- What is known of this copy: extracted (AAAAMMJJhhmm), loaded_at (ISO), entries, mark (names them all, see
-- domain.publication), series and number (of the publication it came from), validator (what the server calls the file),
-- generated and domains (the white list's date and size).
CREATE TABLE fact (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The domains of the trust space, lower case.
CREATE TABLE white_domain (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Addresses that left, or that stand for somebody else since: who wrote to one before is told, and where its owner is now.
CREATE TABLE departed (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,
  since TEXT NOT NULL,  -- ISO date of the extraction that showed it
  replaced INTEGER NOT NULL,  -- 1: still there, for another person or structure
  national_id TEXT NOT NULL DEFAULT '',  -- of who had it
  structure_id TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT ''  -- structure and service, where it was no person's
) STRICT;

-- One tie of the extraction; the columns from address on are those of DirectoryEntry, in its order.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  digest INTEGER NOT NULL,  -- of all the others: two extractions are compared by it
  address TEXT NOT NULL,
  kind TEXT NOT NULL,
  national_id TEXT NOT NULL,
  title TEXT NOT NULL,
  given TEXT NOT NULL,
  family TEXT NOT NULL,
  profession TEXT NOT NULL,
  profession_code TEXT NOT NULL,
  speciality TEXT NOT NULL,
  structure TEXT NOT NULL,
  structure_id TEXT NOT NULL,
  service TEXT NOT NULL,
  town TEXT NOT NULL,
  post_code TEXT NOT NULL,
  paperless INTEGER
) STRICT;
CREATE UNIQUE INDEX entry_digest ON entry (digest);

-- The words of an entry (domain.directory_words), by entry.id; mail also holds the kind of BAL, but for people.
-- Beginnings of up to five letters have an index of their own; longer ones go through `word`.
CREATE VIRTUAL TABLE entry_words USING fts5 (
  family, given, own, place, work, mail,
  content = '', columnsize = 0, detail = 'column', prefix = '1 2 3 4 5', tokenize = 'unicode61 remove_diacritics 2'
);

-- Distinct indexed words of three letters and more (no digits), with the number of entries at the time they were met. A long beginning
-- is asked for as the words it may become: the full-text engine gathers a whole list before its first answer otherwise.
CREATE TABLE word (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE,
  uses INTEGER NOT NULL,
  naming INTEGER NOT NULL  -- 1: of a name or a town, 2: of a structure only; mistakes in both are forgiven
) STRICT;

-- Words of names, towns and structures by what is left of each when a letter is missing: misspellings are found by it. One code each, the
-- checksum of what is left (domain.directory_query.spelling_codes) and behind it, in 24 bits, the word. The codes lie in order,
-- a thousand or so in a row, eight bytes each in the machine's own order: the file never leaves it.
CREATE TABLE spelling (
  first INTEGER PRIMARY KEY,  -- the least code that belongs there; 0 for the first row
  codes BLOB NOT NULL
) STRICT;
