"""Commands for long work: sweeps, and what their stores hold."""

from __future__ import annotations

from contextlib import nullcontext

import click

from boundkit.cli.group import FALSE, WRONG_USE, main
from boundkit.formats.commands import INTERRUPTED, progress_bar, say


@main.command("sweep")
@click.argument("file", type=click.Path(), metavar="FILE.toml")
@click.option("--store", type=click.Path(), metavar="FILE", help="Where results go, instead of what FILE.toml says.")
@click.option("--workers", type=click.IntRange(1), help="Processes on this machine; one a core by default.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://10.0.0.1:8786.")
@click.pass_context
def sweep_command(ctx: click.Context, file: str, store: str | None, workers: int | None, scheduler: str | None) -> None:
    """Run the sweeps written in FILE.toml on all cores or a cluster; what is in the store is not run again.

    Each sweep there says what = "NAME", of one statement: STATEMENT, PAPER.STATEMENT, FILE.py:name or FOLDER:name.

    Exits with 1 where a statement is found false, and with 130 after Ctrl-C; the same command then goes on.
    """
    from boundkit.errors import ParameterError
    from boundkit.studies.sweeps.records import Runs
    from boundkit.studies.sweeps.running import cluster, run_tasks
    from boundkit.studies.sweeps.sweep_files import read_sweep_file

    recipe = read_sweep_file(file)
    if not (place := store or recipe.store):
        raise ParameterError(f'{file} names no store; add a line store = "runs.sqlite" at its top, or give --store')
    if scheduler and workers:
        raise ParameterError("--workers is for this machine; a scheduler knows its own workers, so leave it out")
    try:
        with cluster(scheduler) if scheduler else nullcontext(), progress_bar() as progress:
            found = [run_tasks(*asked, place, workers=workers, progress=progress) for asked in recipe.sweeps]
    except KeyboardInterrupt as stopped:
        click.echo(f"\n{str(stopped) or 'stopped; to go on'}: boundkit sweep {file}", err=True)
        ctx.exit(INTERRUPTED)
    rows = {row.identity: row for one in found for row in one}
    corrected = tuple(dict.fromkeys(name for one in found for name in one.corrected))
    done = Runs(tuple(rows.values()), found[0].version, place, corrected=corrected)
    say(done)
    if done.found_false:
        ctx.exit(FALSE)


@main.command("runs")
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option(
    "--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
    help="Counts as text, or every row.",
)  # fmt: skip
@click.pass_context
def runs_command(ctx: click.Context, file: str, form: str) -> None:
    """Show what a store of runs holds, also while a sweep writes to it.

    Exits with 2 where it is damaged; damaged rows are left out, and the same sweep into the store mends it.
    """
    from boundkit.studies.sweeps.store import runs

    found = runs(file)
    if form == "text":
        say(found)
    else:
        click.echo(getattr(found, f"to_{form}")().rstrip("\n"))
    if found.damaged:
        what = f"{file} is damaged in {len(found.damaged)} places, left out here: {'; '.join(found.damaged[:3])}"
        click.echo(f"Error: {what}; the sweep that made it mends it", err=True)
        ctx.exit(WRONG_USE)
