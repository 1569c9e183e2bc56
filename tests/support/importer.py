"""Imports a file, mints its links and exports, and tells after each batch what memory it holds."""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from steady import Steady

from widget_backend.address_hashes import AddressHashes
from widget_backend.contacts.bulk_links import BulkLinks
from widget_backend.contacts.csv_output import RejectsFile, output_file
from widget_backend.contacts.csv_reader import open_csv
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.export_fields import all_fields
from widget_backend.contacts.exports import CsvOutput, write_people
from widget_backend.contacts.imports import ImportRun, import_entries
from widget_backend.contacts.recognise import recognise
from widget_backend.signing import Signer
from widget_backend.site.load import load_site
from widget_backend.store.database import migrate, open_database

url, site_file, file = sys.argv[1:]
now = datetime.now(UTC)
site = load_site(Path(site_file)).site
database = open_database(url)
migrate(database)


def tell(task: str) -> Callable[..., None]:
    def after_each(*_: object) -> None:
        status = Path("/proc/self/status")
        held = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
        print(task, held[1] if held else 0, flush=True)

    return after_each


with database.connection_context(), output_file(Path("/dev/null")) as nowhere:
    with open_csv(Path(file)) as table, RejectsFile(table) as rejects:
        run = ImportRun(site, now, AddressHashes(["k" * 32]), ("offers",))
        import_entries(
            database,
            run,
            PlatformFile(table, recognise(Path(file))).entries(rejects),
            tell("import"),
            Steady(),
        )
    with open_csv(Path(file)) as table, RejectsFile(table) as rejects:
        linking = BulkLinks(site, Signer(["k" * 32]), now)
        linking.write(database, table, nowhere, rejects, tell("links"))
    fields = list(all_fields(site, now).values())
    write_people(database, site, fields, CsvOutput(nowhere, fields), tell("export"))
