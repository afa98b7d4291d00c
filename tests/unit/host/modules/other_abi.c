/* A module of a future major of the ABI: it knows this one's offer, and refuses it. */
#include "tally/module.h"

TALLY_EXPORT tally_status TALLY_CALL tally_module_entry(const tally_module_offer* offer,
                                                        tally_module_answer* answer);

tally_status TALLY_CALL tally_module_entry(const tally_module_offer* offer, tally_module_answer* answer) {
  (void)offer;
  answer->abi_major = TALLY_ABI_MAJOR + 1;
  answer->abi_minor = 3;
  answer->name = "other_abi";
  return TALLY_VERSION_MISMATCH;
}
