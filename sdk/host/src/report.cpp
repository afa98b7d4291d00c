// Reports: libtally's, by its functions.
#include "tally/report.h"

#include "failure.hpp"

using tally::host::core;

extern "C" uint64_t tally_report_write(int descriptor, int format) {
  const tally_core* const services = core();
  return services ? services->report(descriptor, format) : 0;
}

extern "C" tally_status tally_report_at(const char* moments, const char* file) {
  const tally_core* const services = core();
  const tally_status status = services ? services->report_at(moments, file) : TALLY_VERSION_MISMATCH;
  if (status == TALLY_INVALID_ARGUMENT) {
    return tally::host::fail(
        nullptr, status,
        "tally_report_at: invalid argument: 'moments' is '%s', which is no list of exit, misuse, "
        "none and signals (USR1, USR2, HUP, QUIT, WINCH, URG, PROF, IO), or 'file' is too long",
        moments ? moments : "");
  }
  if (status == TALLY_SYSTEM_ERROR)
    return tally::host::fail(nullptr, status,
                             "tally_report_at: system error: the thread that reports can't be started");
  return status;
}
