"""Who may certify what."""

from __future__ import annotations

from typing import Any

from tests.builders import full
from tests.signers import ADA, DAY, NOW, judge_of, line_of, signed
from vetflow.formats.signatures_toml import SignatureRow
from vetflow.model.audits import Audit, AuditKind, Exemption
from vetflow.model.criteria import Criteria
from vetflow.model.findings import Level
from vetflow.model.requirement import parse_requirement
from vetflow.model.rules import Assisted, ProjectRules, SignatureRules, SignerCount
from vetflow.model.version import parse_version
from vetflow.trust.meaning import meanings
from vetflow.trust.signers import Circumstances, exempted_findings, signer_findings
from vetflow.trust.verification import EntryVerdict, Surroundings, own_words, verify_entries

BERT = "Bert <bert@example.org>"
ENTRY = full("1.0.0", "safe-to-deploy")._replace(who=(ADA, BERT))


def verdict(*rows: SignatureRow, entry: Audit = ENTRY) -> EntryVerdict:
    around = Surroundings(own_words(Criteria({}), meanings({})), {})
    judge = judge_of(line_of(), line_of("bert@example.org", 2))
    (found,) = verify_entries([("anvil", entry)], rows, judge, around).entries
    return found


def by_ada(**more: Any) -> SignatureRow:
    return signed("anvil", ENTRY, **more)


def by_bert() -> SignatureRow:
    return signed("anvil", ENTRY, who=BERT, number=2)


def problems(found: EntryVerdict, rules: ProjectRules, *, signs: bool = True, **more: Any) -> list[tuple[str, Level]]:
    around = Circumstances(signs, **{"criteria": Criteria({}), "now": NOW, **more})
    return [(each.id, each.level) for each in signer_findings(found, rules, lambda: None, around)]


def counting(*counts: SignerCount) -> ProjectRules:
    return ProjectRules(signatures=SignatureRules(counts=counts))


TOO_FEW = [("signers/too-few", Level.FAIL)]


class TestWhoMayCertify:
    RULES = ProjectRules(signers={"safe-to-deploy": ("bert@example.org",)})

    def test_an_entry_by_somebody_else_is_refused(self) -> None:
        assert problems(verdict(by_ada()), self.RULES) == [("signers/not-allowed", Level.FAIL)]

    def test_one_of_those_who_may_is_enough(self) -> None:
        assert problems(verdict(by_ada(), by_bert()), self.RULES) == []

    def test_a_name_in_the_entry_is_no_signature(self) -> None:
        assert problems(verdict(), self.RULES) == [("signers/not-allowed", Level.FAIL)]

    def test_where_nobody_signs_the_name_is_all_there_is(self) -> None:
        assert problems(verdict(), self.RULES, signs=False) == []

    def test_other_criteria_are_anybodys(self) -> None:
        assert problems(verdict(by_ada()), ProjectRules(signers={"crypto": ("bert@example.org",)})) == []

    def test_a_criterion_that_implies_it_is_a_way_to_certify_it(self) -> None:
        rules = ProjectRules(signers={"safe-to-run": ("bert@example.org",), "crypto": ("bert@example.org",)})
        implied = Criteria({"crypto": (), "everything": ("crypto",)})
        found = verdict(entry=ENTRY._replace(criteria=("everything",)))
        assert problems(found, rules, criteria=implied) == [("signers/not-allowed", Level.FAIL)]
        assert problems(verdict(by_ada()), rules) == [("signers/not-allowed", Level.FAIL)]

    def test_anybody_may_warn(self) -> None:
        violation = ENTRY._replace(kind=AuditKind.VIOLATION, version=None, violation=parse_requirement("<1"))
        assert problems(verdict(entry=violation), self.RULES) == []

    def test_what_is_older_than_signing_stays(self) -> None:
        assert problems(verdict(by_ada())._replace(is_old=True), self.RULES) == []


class TestHowMany:
    RULES = counting(SignerCount(2, ("safe-to-deploy",), ("full",)))

    def test_one_is_too_few_where_two_are_asked_for(self) -> None:
        assert problems(verdict(by_ada()), self.RULES) == [("signers/too-few", Level.FAIL)]

    def test_two_signatures_of_one_person_are_one(self) -> None:
        assert problems(verdict(by_ada(), by_ada(at=1_768_000_000)), self.RULES) == [("signers/too-few", Level.FAIL)]

    def test_two_people_are_two(self) -> None:
        assert problems(verdict(by_ada(), by_bert()), self.RULES) == []

    def test_it_is_about_the_kinds_and_criteria_it_names(self) -> None:
        assert problems(verdict(by_ada()), counting(SignerCount(2, kinds=("delta",)))) == []
        assert problems(verdict(by_ada()), counting(SignerCount(2, criteria=("safe-to-run",)))) == TOO_FEW

    def test_it_can_be_about_what_runs_during_the_build_alone(self) -> None:
        rules = counting(SignerCount(2, privileged=True))
        assert problems(verdict(by_ada()), rules) == []
        assert problems(verdict(by_ada()), rules, privileged={"anvil"}) == TOO_FEW

    def test_of_these_an_exemption_is_an_entry_nobody_signed(self) -> None:
        exempted = [("anvil", Exemption(parse_version("1.0.0"), ("safe-to-deploy",)))]

        def found(count: SignerCount, *, signs: bool = True) -> list[str]:
            around = Circumstances(signs, Criteria({}), NOW, {"anvil"})
            return [each.id for each in exempted_findings(exempted, counting(count), around)]

        assert found(SignerCount(2, privileged=True)) == ["signers/too-few"]
        assert found(SignerCount(2, ("safe-to-run",), privileged=True)) == ["signers/too-few"]
        assert found(SignerCount(2, ("crypto",), privileged=True)) == []
        assert found(SignerCount(2)) == []
        assert found(SignerCount(2, privileged=True), signs=False) == []


class TestWhichSignaturesCount:
    def test_none_that_are_too_old(self) -> None:
        rules = counting(SignerCount(max_age_days=30))
        assert problems(verdict(by_ada(at=NOW - 30 * DAY)), rules) == []
        assert problems(verdict(by_ada(at=NOW - 31 * DAY)), rules) == TOO_FEW
        assert problems(verdict(by_ada(at=NOW - 31 * DAY), by_ada()), rules) == []

    def test_none_of_whoever_brought_the_version(self) -> None:
        rules = counting(SignerCount(not_author_of_bump=True))
        assert problems(verdict(by_ada()), rules, bumped_by={"ada@example.org"}) == TOO_FEW
        assert problems(verdict(by_ada(), by_bert()), rules, bumped_by={"ada@example.org"}) == []


class TestMachines:
    def helped(self) -> SignatureRow:
        return by_ada(assisted_by=("a-reading-machine",))

    def test_they_are_told_refused_or_let_be(self) -> None:
        assert problems(verdict(self.helped()), ProjectRules()) == [("signers/assisted", Level.NOTE)]
        refuse = ProjectRules(assisted=Assisted.REFUSE)
        assert problems(verdict(self.helped()), refuse) == [("signers/assisted", Level.FAIL)]
        assert problems(verdict(self.helped()), ProjectRules(assisted=Assisted.ALLOW)) == []

    def test_notes_name_them_too_where_no_statement_does(self) -> None:
        noted = ENTRY._replace(notes="Read twice.\nAssisted-by: a-reading-machine")
        refuse = ProjectRules(assisted=Assisted.REFUSE)
        assert problems(verdict(entry=noted), refuse, signs=False) == [("signers/assisted", Level.FAIL)]
        assert problems(verdict(signed("anvil", noted), entry=noted), refuse) == [("signers/assisted", Level.FAIL)]

    def test_somebody_who_read_it_alone_is_enough(self) -> None:
        assert problems(verdict(self.helped(), by_bert()), ProjectRules(assisted=Assisted.REFUSE)) == []
