/* A module that can't start. */
#include "tally/module.h"

TALLY_EXPORT tally_status TALLY_CALL tally_module_entry(const tally_module_offer* offer,
                                                        tally_module_answer* answer);

tally_status TALLY_CALL tally_module_entry(const tally_module_offer* offer, tally_module_answer* answer) {
  (void)offer;
  answer->abi_major = TALLY_ABI_MAJOR;
  answer->abi_minor = TALLY_ABI_MINOR;
  return TALLY_OUT_OF_MEMORY;
}
