"""What two people did to one file of the store: merged where both can have their way, refused with a reason else."""

from __future__ import annotations

import pytest

from tests.builders import published
from vetflow.formats.import_receipts import Acceptance, Receipt, Receipts, write_receipts
from vetflow.formats.policy_baseline import write_backlog
from vetflow.formats.publishers_toml import write_publishers
from vetflow.model.dates import parse_date
from vetflow.trust.merge_files import MERGED_FILES, MergedText, merge_texts

HEAD = "\n# cargo-vet audits file\n"
CRITERION = '\n[criteria.seen]\ndescription = "{}"\n'
CONFIG = '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n'
IMPORT = '\n[imports.peer]\nurl = "{}"\n'


def audit(version: str = "1.0.0", criteria: str = "safe-to-deploy", notes: str = "", crate: str = "anvil") -> str:
    note = f'notes = "{notes}"\n' if notes else ""
    return f'\n[[audits.{crate}]]\nwho = "Ada"\ncriteria = "{criteria}"\nversion = "{version}"\n{note}'


def wildcard(end: str, criteria: str = "safe-to-deploy") -> str:
    days = f'start = "2025-01-01"\nend = "{end}"\n'
    return f'\n[[wildcard-audits.anvil]]\nwho = "Ada"\ncriteria = "{criteria}"\nuser-id = 7 # ada-l\n{days}'


def merge(base: str, ours: str, theirs: str, *, name: str = "audits.toml", head: str = HEAD) -> MergedText:
    merged = merge_texts(name, *(f"{head}{text}" for text in (base, ours, theirs)))
    turned = merge_texts(name, *(f"{head}{text}" for text in (base, theirs, ours)))
    assert merged.conflicts == turned.conflicts
    return merged


def merged_text(base: str, ours: str, theirs: str, *, name: str = "audits.toml", head: str = HEAD) -> str:
    merged = merge(base, ours, theirs, name=name, head=head)
    assert merged.conflicts == ()
    return merged.text.removeprefix(head)


def conflict(base: str, ours: str, theirs: str, *, name: str = "audits.toml", head: str = HEAD) -> str:
    (found,) = merge(base, ours, theirs, name=name, head=head).conflicts
    return f"{found.what}: {found.reason}"


def test_what_both_sides_added_is_there_once_and_in_order() -> None:
    both = audit("1.0.0")
    ours, theirs = audit("1.1.0"), audit("1.0.5")
    assert merged_text(both, both + ours, both + theirs) == both + theirs + ours
    assert merged_text("\n[audits]\n", both, both) == both


def test_two_people_may_audit_the_same_version() -> None:
    theirs = audit("1.0.0", notes="fine").replace("Ada", "Bert")
    assert merged_text(audit("2.0.0"), audit() + audit("2.0.0"), theirs + audit("2.0.0")) == (
        audit() + theirs + audit("2.0.0")
    )


def test_what_one_side_removed_stays_away() -> None:
    assert merged_text(audit() + audit("1.1.0"), audit("1.1.0"), audit() + audit("1.1.0") + audit("1.2.0")) == (
        audit("1.1.0") + audit("1.2.0")
    )


def test_an_audit_that_one_side_narrowed_does_not_come_out_wide() -> None:
    """To unite the two would keep the wide one, and undo what somebody decided."""
    base, narrow, edited = audit(), audit(criteria="safe-to-run"), audit(notes="looked again")
    assert merged_text(base, narrow, base) == narrow
    assert conflict(base, narrow, edited) == "audits anvil 1.0.0: both sides changed it, and differently"


def test_removed_here_and_changed_there_is_a_conflict() -> None:
    other = audit("2.0.0")
    reason = "audits anvil 1.0.0: one side removed it, and the other changed it"
    assert conflict(audit() + other, other, audit(notes="fine") + other) == reason


def test_a_wildcard_that_both_renewed_ends_on_the_later_day() -> None:
    base = wildcard("2026-02-01") + "\n[audits]\n"
    merged = merged_text(base, base.replace("2026-02-01", "2026-12-01"), base.replace("2026-02-01", "2026-12-05"))
    assert merged == base.replace("2026-02-01", "2026-12-05")


def test_a_wildcard_that_one_side_ended_is_not_renewed_by_the_other() -> None:
    base = wildcard("2026-02-01") + "\n[audits]\n"
    ended, renewed = (base.replace("2026-02-01", day) for day in ("2026-01-10", "2026-12-05"))
    assert "wildcard-audits anvil 7" in conflict(base, ended, renewed)


@pytest.mark.parametrize(
    ("ours", "theirs"), [("saw it", "heard of it"), ('x"\nimplies = "safe-to-run', 'x"\nimplies = "safe-to-deploy')]
)
def test_a_criterion_has_one_meaning(ours: str, theirs: str) -> None:
    base, mine, other = (f"{CRITERION.format(text)}\n[audits]\n" for text in ("somebody saw it", ours, theirs))
    assert conflict(base, mine, other) == "criteria seen: both sides changed it, and differently"


def test_marks_stand_around_what_is_in_conflict_and_nothing_else() -> None:
    base = audit("0.9.0") + audit()
    merged = merge(base, audit("0.9.0") + audit(notes="one"), audit("0.9.0") + audit(notes="other") + audit("2.0.0"))
    assert merged.text == HEAD + audit("0.9.0") + audit() + (
        '<<<<<<< ours\nnotes = "one"\n=======\nnotes = "other"\n>>>>>>> theirs\n'
    ) + audit("2.0.0")
    assert merged.way_out == "edit the file: keep what both sides meant, and take the marks out"


def test_policies_and_imports_are_merged_field_by_field() -> None:
    base = IMPORT.format("https://peer.example") + '\n[policy.app]\ncriteria = "safe-to-run"\n'
    ours = base.replace('example"\n', 'example"\nexclude = ["anvil"]\n')
    theirs = base.replace('example"\n', 'example"\nexclude = ["bellows"]\n') + 'notes = "a tool"\n'
    assert merged_text(base, ours, theirs, name="config.toml", head=CONFIG) == (
        base.replace('example"\n', 'example"\nexclude = ["anvil", "bellows"]\n') + 'notes = "a tool"\n'
    )


def test_an_address_that_both_changed_is_a_conflict() -> None:
    sides = (IMPORT.format(f"https://peer.example/{name}") for name in ("a", "b", "c"))
    found = conflict(*sides, name="config.toml", head=CONFIG)
    assert found == "imports peer: url: both sides changed it, and differently"


def test_an_import_that_one_side_removed_is_not_brought_back_by_half() -> None:
    base = IMPORT.format("https://peer.example")
    found = conflict(base, "", base + 'exclude = ["anvil"]\n', name="config.toml", head=CONFIG)
    assert found == "imports peer: one side removed it, and the other changed it"


def test_policies_that_no_file_may_have_together_are_a_conflict() -> None:
    one, many = (f'\n[policy{key}]\ncriteria = "safe-to-run"\n' for key in (".app", '."app:1.0.0"'))
    found = conflict("", one, many, name="config.toml", head=CONFIG)
    assert found.startswith("config.toml: it cannot be merged: ")


def test_exemptions_that_both_took_out_and_added() -> None:
    rows = [f'\n[[exemptions.anvil]]\nversion = "{each}.0.0"\ncriteria = "safe-to-deploy"\n' for each in range(1, 5)]
    one, two, three, four = rows
    assert merged_text(one + two, two + three, one + four, name="config.toml", head=CONFIG) == three + four


def test_rows_of_a_peer_that_one_side_no_longer_imports_are_gone() -> None:
    head = "\n# cargo-vet imports lock\n"
    first = audit().replace("[audits.", "[audits.peer.audits.")
    more = audit("2.0.0").replace("[audits.", "[audits.peer.audits.")
    assert merged_text(first, "", first + more, name="imports.lock", head=head) == ""


def test_signatures_of_both_sides_are_kept() -> None:
    head = "\n# vetflow signatures file\n\nversion = 1\n"
    row = '\n[[signature]]\ncrate = "anvil"\nclaim = "sha256:{0}"\nsigner = "{0}@example.org"\nstatement = "{{}}"\n'
    rows = [f'{row.format(each)}signature = "x"\n' for each in "abc"]
    a, b, c = rows
    assert merged_text(b, a + b, b + c, name="signatures.toml", head=head) == a + b + c
    assert merged_text(a + b, b, a + b + c, name="signatures.toml", head=head) == b + c


def test_a_baseline_only_shrinks() -> None:
    head = "# entries of audits.toml from before signing began; this list only shrinks\n"
    a, b, c = (f"sha256:{each * 64} anvil\n" for each in "abc")
    assert merged_text(a + b + c, b + c, a + b, name="signatures-baseline.txt", head=head) == b


def test_a_backlog_of_rules_only_shrinks() -> None:
    day = parse_date("2026-06-01")
    a, b, c = (("gate/unattested", f"{crate} runs during the build") for crate in ("anvil", "bellows", "crucible"))
    texts = (write_backlog(found, day) for found in ((a, b, c), (a, b), (b, c)))
    assert merge_texts("policy-baseline.toml", *texts) == (write_backlog((b,), day), (), None)


def test_two_receipts_for_one_import_are_a_conflict() -> None:
    """Each was signed as a whole; who takes one over reviews again."""
    by = [Acceptance("ada@example.org", f"2026-01-{day}T00:00:00Z") for day in (10, 11, 12)]
    receipts = (Receipts({"peer": Receipt(("https://peer.example",), (), "x", {}, {}, each)}) for each in by)
    merged = merge_texts("import-receipts.toml", *map(write_receipts, receipts))
    assert [str(each.what) for each in merged.conflicts] == ["receipt peer"]
    assert merged.way_out == "take either side, then write it anew: `vetflow imports accept`"


def test_who_published_what_is_known_from_both_sides() -> None:
    rows = [published(f"{number}.0.0", 7) for number in range(1, 4)]
    texts = (write_publishers({"anvil": tuple(found)}) for found in (rows[:1], rows[:2], [rows[0], rows[2]]))
    assert merge_texts("publishers.toml", *texts).text == write_publishers({"anvil": tuple(rows)})


def test_a_file_that_is_not_understood_is_all_in_conflict() -> None:
    merged = merge_texts("audits.toml", HEAD, "nonsense\n", HEAD + audit())
    assert merged.text.startswith("<<<<<<< ours\nnonsense\n=======\n")
    assert "it cannot be merged" in merged.conflicts[0].reason


def test_a_file_that_both_sides_added() -> None:
    assert merge_texts("audits.toml", "", HEAD + audit(), HEAD + audit("2.0.0")).text == HEAD + audit() + audit("2.0.0")


def test_a_file_that_one_side_removed() -> None:
    (found,) = merge_texts("audits.toml", HEAD + audit(), "", HEAD + audit("2.0.0")).conflicts
    assert found.reason == "one side removed it, and the other changed it"


def test_files_that_say_whose_word_counts_are_left_to_people() -> None:
    assert not {"allowed_signers", "revoked_signers", "vetflow.toml"} & set(MERGED_FILES)
