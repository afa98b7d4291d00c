/* Everything that a program needs which calls modules: include this, or the header that was generated for an
 * interface. */
#ifndef TALLY_TALLY_H
#define TALLY_TALLY_H

#include "tally/allocator.h"
#include "tally/blob.h"
#include "tally/error.h"
#include "tally/host.h"
#include "tally/ledger.h"
#include "tally/status.h"
#include "tally/types.h"
#include "tally/version.h"
#include "tally/view.h"

#endif
