"""What a session remembers, and for how long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vetflow.review.session import (
    CriteriaShown,
    Draft,
    LineNote,
    Pair,
    Position,
    Record,
    Recorded,
    SeenFile,
    Session,
    Tick,
    Verdict,
    Viewed,
    decode,
    encode,
    session_of,
)

FILE = SeenFile("alpha", "build.rs", "0" * 64, "1" * 64)
PAIR = Pair("alpha", "1.0.0", "1.1.0")
MARK = Viewed(FILE, viewed=True, at="2026-01-02T03:04:05Z")

texts = st.text(max_size=20)
files = st.builds(SeenFile, texts, texts, st.none() | texts, st.none() | texts)
pairs = st.builds(Pair, texts, st.none() | texts, texts)
records: st.SearchStrategy[Record] = st.one_of(
    st.builds(Viewed, files, st.booleans(), texts),
    st.builds(LineNote, files, st.integers(), texts),
    st.builds(Draft, pairs, st.tuples(texts), texts),
    st.builds(Recorded, pairs, st.tuples(texts), texts),
    st.builds(CriteriaShown, texts, texts),
    st.builds(Tick, texts, texts, texts, st.sampled_from(Verdict), texts, texts),
    st.builds(Position, pairs, st.none() | texts, st.integers()),
)


@given(records)
def test_a_record_is_one_line_and_comes_back_as_it_was(record: Record) -> None:
    line = encode(record)
    assert "\n" not in line
    assert decode(line) == record


@given(st.lists(records, max_size=12))
def test_the_records_of_a_state_add_up_to_it(history: list[Record]) -> None:
    state = session_of(history)
    assert session_of(state.records()) == state


@given(records, st.data())
def test_a_torn_line_is_no_record(record: Record, data: st.DataObject) -> None:
    line = encode(record)
    assert decode(line[: data.draw(st.integers(0, len(line) - 1))]) is None


def test_lines_that_are_no_records_are_none() -> None:
    for line in ("", "null", "[]", "{}", '{"kind": "later"}', '{"kind": "viewed", "file": 1}', '{"kind": "position"}'):
        assert decode(line) is None
    assert decode('{"kind": "criteria-shown", "who": 1, "digest": "x"}') is None


def test_a_mark_counts_for_the_pair_of_contents_and_no_other() -> None:
    state = session_of([MARK])
    assert FILE in state.viewed
    assert FILE._replace(new="2" * 64) not in state.viewed


def test_a_mark_and_a_note_can_be_taken_back() -> None:
    note = LineNote(FILE, 3, "why?")
    state = session_of([MARK, note, MARK._replace(viewed=False), note._replace(text="")])
    assert state == Session()


def test_a_draft_stays_until_its_audit_is_recorded() -> None:
    draft = Draft(PAIR, ("safe-to-run",), "half a sentence")
    assert session_of([draft]).drafts == {PAIR: draft}
    done = session_of([draft, Recorded(PAIR, ("safe-to-run",), "2026-01-02T03:04:05Z")])
    assert done.drafts == {}
    assert [each.pair for each in done.recorded] == [PAIR]


def test_the_last_position_counts() -> None:
    assert session_of([Position(PAIR, None, 0), Position(PAIR, "src/lib.rs", 40)]).position == Position(
        PAIR, "src/lib.rs", 40
    )


def test_an_answer_holds_for_its_place_alone_until_it_is_taken_back() -> None:
    tick = Tick("alpha", "unsafe.delta", "0" * 64, Verdict.CONSIDERED, "", "2026-01-02T03:04:05Z")
    concern = tick._replace(verdict=Verdict.CONCERN, words="why?")
    assert dict(session_of([tick]).ticks) == {("alpha", "unsafe.delta", "0" * 64): tick}
    assert list(session_of([tick, concern]).ticks.values()) == [concern]
    assert dict(session_of([tick, concern, tick._replace(verdict=Verdict.OPEN)]).ticks) == {}
    assert len(session_of([tick, tick._replace(key="1" * 64), tick._replace(item="unsafe.near")]).ticks) == 3
