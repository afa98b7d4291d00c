/* A module that no host of codec 1.0 can use, since one of the two majors is another: ABI_MAJOR, the ABI's,
   or CODEC_MAJOR, the interface's. Written by hand against the ABI, as a module of another SDK would be. */
#include "tally/module.h"

static tally_status TALLY_CALL close_module(tally_error* error) {
  (void)error;
  return TALLY_OK;
}

TALLY_EXPORT tally_status TALLY_CALL TALLY_MODULE_ENTRY(const tally_module_offer* offer,
                                                        tally_module_answer* answer) {
  answer->abi_major = ABI_MAJOR;
  answer->abi_minor = 0;
  answer->name = "refused";
  answer->interfaces = "codec";
  if (offer->abi_major != ABI_MAJOR) return TALLY_VERSION_MISMATCH;
  if (offer->interface) {
    answer->interface_major = CODEC_MAJOR;
    return TALLY_VERSION_MISMATCH;
  }
  answer->close = close_module;
  return TALLY_OK;
}
