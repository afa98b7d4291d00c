// What clang can be told about ownership, so that it reports mistakes that run time would refuse: with
// -Wconsumed the use of an owner that has given its object away, with -Wdangling (which is on by default)
// what refers into a temporary. Other compilers are told nothing.
#pragma once

#if defined(__clang__)
/* A class whose objects can be empty, and are not when they are made. */
#define TALLY_OWNER_TYPE __attribute__((consumable(unconsumed)))
/* A class that names an object of which it can't be known whether it is there. */
#define TALLY_REFERENCE_TYPE __attribute__((consumable(unknown)))
/* On a member function: not to be called on an owner that is empty. */
#define TALLY_NEEDS_OBJECT __attribute__((callable_when("unknown", "unconsumed")))
/* On a member function: the owner is empty afterwards. */
#define TALLY_ENDS_OBJECT __attribute__((callable_when("unknown", "unconsumed"), set_typestate(consumed)))
/* The same, but it may be called on one that is empty already. */
#define TALLY_EMPTIES __attribute__((set_typestate(consumed)))
/* On a member function that returns whether the owner is not empty. */
#define TALLY_TELLS_OBJECT __attribute__((test_typestate(unconsumed)))
/* Behind a parameter, or a member function: the result is good as long as what it names. */
#define TALLY_LIFETIMEBOUND [[clang::lifetimebound]]
/* Classes of memory: one that has it, and one that refers to it. */
#define TALLY_MEMORY_OWNER [[gsl::Owner]]
#define TALLY_MEMORY_POINTER [[gsl::Pointer]]
#else
#define TALLY_OWNER_TYPE
#define TALLY_REFERENCE_TYPE
#define TALLY_NEEDS_OBJECT
#define TALLY_ENDS_OBJECT
#define TALLY_EMPTIES
#define TALLY_TELLS_OBJECT
#define TALLY_LIFETIMEBOUND
#define TALLY_MEMORY_OWNER
#define TALLY_MEMORY_POINTER
#endif
