/* Reports: the ledger, written out. As text for people and as JSON for programs (`tallystick report` merges,
   compares and judges the files of many processes); on demand, and at moments that are agreed on before.
   These functions are in the static library tallystick::host; any thread. */
#ifndef TALLY_REPORT_H
#define TALLY_REPORT_H

#include <stdint.h>

#include "tally/status.h"

TALLY_EXTERN_C_BEGIN

enum {
  TALLY_REPORT_TEXT = 0, /* the table of balances, and below it what is live, by class and site */
  TALLY_REPORT_LEFT = 1, /* only what is live; nothing when nothing is */
  TALLY_REPORT_JSON = 2  /* all of it, one document on one line: abi/schema/report.schema.json */
};

/* Writes a report to a file descriptor. Returns how many objects are live or deferred. */
uint64_t tally_report_write(int descriptor, int format);

/* When reports are made from here on, and where they go; null leaves either as it was. The same as
   TALLY_REPORT_ON and TALLY_REPORT in the environment, which hold from the start.

   `moments`: a list, with commas, of "exit" (as the process ends, after the finalisers of all modules; the
   only one at first), "misuse" (the first of the process) and signals ("USR1", "USR2", "HUP", "QUIT",
   "WINCH", "URG", "PROF", "IO"; their handlers are replaced); "none" of them. For misuses and signals
   libtally has a thread, which writes the report a moment later.

   `file`: JSON goes there, one line for each report; "%p" in it is the process's id, without which the last
   process that writes has it. The first report of a process starts the file anew. Empty: text on standard
   error, at exit only if something is live.

   At exit what is live is written to standard error as well, unless TALLY_EXIT_REPORT is 0. Forked children
   report nothing: the objects are their parent's. TALLY_INVALID_ARGUMENT: a moment that there is not, or a
   path of 4,096 bytes or more. TALLY_SYSTEM_ERROR: no thread. In both cases nothing has changed. */
tally_status tally_report_at(const char *moments, const char *file);

TALLY_EXTERN_C_END

#endif
