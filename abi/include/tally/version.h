/* The versions that are not an interface's own: of Tallystick's ABI, and of this release of the SDK. */
#ifndef TALLY_VERSION_H
#define TALLY_VERSION_H

/* What modules, hosts and libtally agree on. Another major does not load; a newer minor always does. */
#define TALLY_ABI_MAJOR 1
#define TALLY_ABI_MINOR 0

/* The SDK's release. Nothing is decided by it. */
#define TALLY_RELEASE_MAJOR 0
#define TALLY_RELEASE_MINOR 1
#define TALLY_RELEASE_PATCH 0
#define TALLY_RELEASE_STRING "0.1.0"

#endif
