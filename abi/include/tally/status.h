/* Statuses: what a call came to. Success is 0 or more, errors are below 0; an error has changed nothing. */
#ifndef TALLY_STATUS_H
#define TALLY_STATUS_H

#include <stdint.h>

#include "tally/macros.h"

TALLY_EXTERN_C_BEGIN

typedef int32_t tally_status;

enum {
  /* Done. */
  TALLY_OK = 0,
  /* Done: the token is consumed and the handle revoked; the destructor runs as soon as it may. */
  TALLY_DEFERRED = 1,

  /* Misuses: a call broke an ownership rule. */

  /* The word names an object that has been destroyed. */
  TALLY_STALE_HANDLE = -1,
  /* The token was spent before: by a destroy, a release, or a call that consumed it. */
  TALLY_ALREADY_DESTROYED = -2,
  /* The object went when its parent did. */
  TALLY_GONE_WITH_PARENT = -3,
  /* The word names an object of another class. */
  TALLY_WRONG_CLASS = -4,
  /* The token was given to a function of another kind than its creator's: a blob destroyed as an object, an
     object freed as a blob, an array destroyed as a scalar. */
  TALLY_WRONG_PAIR = -5,
  /* The object is of this class, but another module made it. */
  TALLY_WRONG_MODULE = -6,
  /* No creator in this process ever returned this word. */
  TALLY_NEVER_ISSUED = -7,
  /* A handle, or a token that has been given away, where the owner's token is due. */
  TALLY_NOT_OWNER = -8,
  /* A view or a call holds the object. */
  TALLY_BORROWED = -9,
  /* The object has live children. */
  TALLY_HAS_CHILDREN = -10,
  /* The object belongs to another thread. */
  TALLY_WRONG_THREAD = -11,
  /* Another thread is inside the object. */
  TALLY_CONCURRENT_USE = -12,

  /* Refusals: the call was proper, but can't be done. */

  TALLY_OUT_OF_MEMORY = -13,
  /* A limit of Tallystick's or of the host's is reached. */
  TALLY_LIMIT_REACHED = -14,
  /* An argument's value is outside what the function takes. */
  TALLY_INVALID_ARGUMENT = -15,
  /* A pointer that must not be null is. */
  TALLY_NULL_ARGUMENT = -16,
  /* Text is not UTF-8. */
  TALLY_NOT_UTF8 = -17,
  /* Host and module speak different majors of the ABI or of the interface. */
  TALLY_VERSION_MISMATCH = -18,
  /* The module lacks the function, the interface or the entry. */
  TALLY_NOT_SUPPORTED = -19,
  /* The provider's code threw an exception that is none of the interface's errors. */
  TALLY_EXCEPTION = -20,
  /* A file or a system call failed; the text says which. */
  TALLY_SYSTEM_ERROR = -21,

  /* The interface's own errors go down from here, in the order in which its versions brought them. */
  TALLY_STATUS_FIRST_OF_INTERFACE = -1000
};

TALLY_EXTERN_C_END

#endif
