"""Prints the fix of one column."""

from rich.console import Console
from rich.text import Text

from seedlab.messages.fixes import fix_title, folder_text, no_fix_text, proof_text, settings_text, trial_text
from seedlab.plain_text import terminal_line
from seedlab.results.influence import Fix, Influence
from seedlab.study.lab import Column


def print_fix(console: Console, column: Column, influence: Influence) -> None:
    """Print the fix in ``influence``, what was tried before it, and for which draws there is none."""
    fix = influence.fix
    if fix is not None:
        console.print()
        console.print(Text.assemble((fix_title(fix), "bold"), " · ", (proof_text(fix), "green" if fix.proved else "")))
        if fix.settings:
            console.print(Text(terminal_line(settings_text(fix, column.command))))
        if fix.same_folder:
            console.print(Text(terminal_line(folder_text(influence))))
        if fix.diff:
            console.print()
            _print_diff(console, fix)
    if influence.trials or influence.no_fix:
        console.print()
    for trial in influence.trials:
        console.print(Text(terminal_line(trial_text(trial)), "dim"))
    for reason in influence.no_fix:
        console.print(Text(terminal_line(no_fix_text(reason, influence.sources))))


def _print_diff(console: Console, fix: Fix) -> None:
    styles = {"+": "green", "-": "red", "@": "dim"}
    for line in fix.diff.splitlines():
        # Not wrapped, so that it can be copied as it is.
        console.print(Text(terminal_line(line), styles.get(line[:1], "")), soft_wrap=True)
