"""Printed text as it is compared: what is masked and what is not, headings, names and numbers."""

import datetime
import math

import pytest

from seedlab.results.printed_text import (
    as_compared,
    as_printed,
    is_heading,
    line_difference,
    name_in,
    numbers_in,
    shown,
    split_numbers,
    without_native_lines,
)

KERAS_BAR = (
    "Epoch 1/2\n\r\x1b[1m1/8\x1b[0m \x1b[32m━━\x1b[0m\x1b[37m━━━━\x1b[0m \x1b[1m3s\x1b[0m 476ms/step - loss: 0.2010"
    + "\x08" * 45
    + "\r\x1b[1m8/8\x1b[0m \x1b[32m━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m1s\x1b[0m 4ms/step - loss: 0.1194  \nEpoch 2/2\n"
)


@pytest.mark.parametrize(
    ("written", "in_the_end"),
    [
        (KERAS_BAR, "Epoch 1/2\n8/8 ━━━━━━ 1s 4ms/step - loss: 0.1194\nEpoch 2/2\n"),
        ("\r  0%|   | 0/2\r 50%|█  | 1/2\r100%|███| 2/2\n", "100%|███| 2/2\n"),
        # Two of tqdm's bars, the second one below the first.
        ("\router 0\n\rinner 0\x1b[A\router 1\n\rinner 1\x1b[A\n", "outer 1\ninner 1"),
        ("\x1b[2Kabc\r\x1b[2Kde", "de"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("|\x08/\x08-\x08done", "done"),
        ("\x1b]0;title\x07\x1b[31mred\x1b[0m", "red"),
        ("\x1b[500Aup", "up"),
        ("", ""),
    ],
)
def test_a_progress_bar_is_shown_in_its_last_state(written: str, in_the_end: str) -> None:
    assert shown(written) == in_the_end


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("8/8 - 0s - 6ms/step - loss: 0.1153", "8/8 - ‹duration› - ‹rate› - loss: 0.1153"),
        ("60000/60000 - 3s 54us/sample - loss: 0.3", "60000/60000 - ‹duration› ‹rate› - loss: 0.3"),
        ("100%|███| 5/5 [00:03<00:00,  1.51it/s]", "100%|███| 5/5 [‹time›,  ‹rate›]"),
        ("  0%|   | 0/5 [00:00<?, ?it/s]", "  0%|   | 0/5 [‹time›, ‹rate›]"),
        ("5/5 [00:09<00:00,  1.90s/it, loss=0.5]", "5/5 [‹time›,  ‹rate›, loss=0.5]"),
        ("Working ━━━━━ 100% 0:00:01 -:--:-- 1.5 MB/s", "Working ━━━━━ 100% ‹time› ‹time› ‹rate›"),
        ("2026-11-25 01:12:13,692 INFO loss: 0.5", "‹time› INFO loss: 0.5"),
        ("2026-11-25T01:12:13.692Z x", "‹time› x"),
        ("12:30:01 4711 INFO x", "‹time› ‹process› INFO x"),
        ("[01/02/26 12:30:01] INFO", "[‹time›] INFO"),
        ("Wed Jan  1 12:30:01 2026", "‹time›"),
        ("started on 2026-11-25", "started on ‹date›"),
        ("took 3.2 seconds, or 5 min", "took ‹duration›, or ‹duration›"),
        ("1h 2m 3.5s and 2m3s", "‹duration› and ‹duration›"),
        ("<object at 0x7f12ab34cd56>", "<object at ‹address›>"),
        ("Saved /tmp/tmpab12cd_3/model.ckpt, 5 files", "Saved ‹temporary›, 5 files"),
        (r"Saved C:\Users\Ann\AppData\Local\Temp\tmpab12cd_3\x.h5, 5 files", "Saved ‹temporary›, 5 files"),
        ("folder tmpab12cd_3", "folder ‹temporary›"),
        ("process 123: x (pid=77)", "process ‹process›: x (pid=‹process›)"),
        ("cron[123]: x", "cron[‹process›]: x"),
        ("in thread 140234567890123, process id 12", "in thread ‹process›, process id ‹process›"),
    ],
)
def test_what_differs_between_any_two_runs_is_replaced(text: str, compared: str) -> None:
    assert as_compared(text) == compared.replace("‹date›", "‹time›")


AT = datetime.datetime(2026, 11, 25, 12, 29, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("delay: 3.2 s", "delay: 3.2 s"),
        ("mean latency 510.2 ms over 100 requests", "mean latency 510.2 ms over 100 requests"),
        ("1.51 it/s, 6ms/step, 5 min, 2h 3m", "1.51 it/s, 6ms/step, 5 min, 2h 3m"),
        ("born on 1984-11-25", "born on 1984-11-25"),
        # Of the clock, in whatever time zone, shortly before or after.
        ("12:29:30 loss: 0.5", "‹time› loss: 0.5"),
        ("[2026-11-25 18:01:00,123] loss: 0.5", "[‹time›] loss: 0.5"),
        ("3:30 PM", "‹time›"),
        ("Wed Nov 25 04:28:01 2026", "‹time›"),
        ("arrives at 12:40:01", "arrives at 12:40:01"),
        ("2026-11-25 12:45:30", "2026-11-25 12:45:30"),
        ("<object at 0x7f12ab34cd56> in /tmp/tmpab12cd_3", "<object at ‹address›> in ‹temporary›"),
    ],
)
def test_what_a_script_may_have_drawn_stays_as_it_has_printed_it(text: str, compared: str) -> None:
    assert as_printed(text, AT) == compared


def test_in_a_file_any_time_of_day_is_taken_for_the_clock_s() -> None:
    assert as_printed("12:40:01 waited 3.2 s", None) == "‹time› waited 3.2 s"


@pytest.mark.parametrize(
    "text",
    [
        "loss: 0.5, accuracy: 93 %",
        "step 3 of 10, lr 1e-3",
        "0xff 0xdeadbeef",
        "score 3:45, ratio 2:1",
        "max 5 min 3",
        "100 MB of 2 GB",
        "x-3 a_5s v1.2.3s",
        "/home/me/tmp/x",
        "[12345]",
        "process 120 images in thread 3",
        "3d 5 x 4 mm",
    ],
)
def test_what_may_be_a_result_stays(text: str) -> None:
    assert as_compared(text) == text


def test_native_lines_about_the_machine_are_left_out() -> None:
    native = (
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
        "I0000 00:00:1795569128.037456   10499 port.cc:153] oneDNN custom operations are on.\n"
        "E0000 00:00:1795569130.476637   10499 cuda_platform.cc:52] failed call to cuInit\n"
        "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow with the appropriate"
        " compiler flags.\n"
        "2026-11-25 01:12:13.692501: I tensorflow/core/platform/cpu_feature_guard.cc:142] Your CPU\n"
    )
    assert without_native_lines(f"before\n{native}after\n") == "before\nafter\n"
    assert without_native_lines("I am in file.cc:3] too") == "I am in file.cc:3] too"


@pytest.mark.parametrize(
    "text",
    [
        "session1", "=== Session 1 ===", "Session 3: no seed", "Run A: seed=0", "a=b", "Loading: the data", "1. Setup",
        "Epoch 3/10", "Fold 2 of 5:", "--- 3 ---", "Seed 42", "--- step 10000 ---",
    ],
)  # fmt: skip
def test_a_heading_has_no_number_or_one_that_counts(text: str) -> None:
    assert is_heading(text)


@pytest.mark.parametrize(
    "text",
    [
        "loss 0.5", "93 correct", "score 93", "loss: 0.5", "12:30:01 start", "=== 0.93 ===", "-----", "", ".", "a\nb",
        "Epoch 3 loss 0.5", "took 3 s", "Using seed 3801610151", "=== Seed 3801610151 ===",
    ],
)  # fmt: skip
def test_what_has_a_result_or_no_word_is_no_heading(text: str) -> None:
    assert not is_heading(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("loss: 0.5", "loss"),
        ("loss = [0.5 0.25]", "loss"),
        ("step 3: 0.5", "step 3"),
        ("loss: nan", "loss"),
        ("loss 0.5", ""),
        ("after 0.5: 3", ""),
        ("best: model A", ""),
        ("‹time› loss: 0.5", ""),
        ("a: b: 1", ""),
    ],
)
def test_a_text_may_have_a_name(text: str, name: str) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("loss: 0.5 -3 +2. .25 1e-5 1_000", (0.5, -3, 2, 0.25, 1e-5, 1000)),
        ("(None, 8) 1,234 x3 3f2a 12e45abc v2.21.0", (8, 1, 234)),
        ("50% 1.5GB 3x", (50, 1.5, 3)),
        ("3-4 [1]-2", (3, 4, 1, 2)),
        ("inf -inf", (math.inf, -math.inf)),
        ("information nano", ()),
    ],
)
def test_numbers_are_read_as_a_person_does(text: str, numbers: tuple[float, ...]) -> None:
    assert numbers_in(text) == numbers


def test_the_template_of_a_text_does_not_depend_on_the_width_of_its_numbers() -> None:
    one, other = split_numbers("[ 0.5 -0.25]  10 x"), split_numbers("[-0.5  0.25] 9.5 x")
    assert one.template == other.template
    assert other.values == (-0.5, 0.25, 9.5)
    assert split_numbers("a 1").template != split_numbers("b 1").template


def test_lines_are_compared_place_by_place() -> None:
    found = line_difference("a\nb 0.51\nc", "a\nb 0.52\nd\ne")
    assert (found.first, found.one, found.other, found.at, found.count) == (2, "b 0.51", "b 0.52", 5, 3)
    assert line_difference("a", "a\n\nb").count == 2


@pytest.mark.parametrize(
    "text", ["a\x08" * 50_000, "x\r" * 100_000, "9" * 100_000, "1:" * 50_000, "/tmp/" * 20_000, "1 " * 50_000,
             "-" * 100_000, "\x1b[" * 50_000, "Jan " * 25_000, "1,1" * 30_000, "a/" * 50_000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    as_compared(text)
    split_numbers(text)
    is_heading(text)
