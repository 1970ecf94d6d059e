"""What people hold, and how names are read."""

import boundkit.api.neighbours  # noqa: F401  what is unpickled may be of a folder of one's own
