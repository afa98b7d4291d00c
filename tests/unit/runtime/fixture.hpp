// A small interface of two classes, as the glue would define it, whose objects count themselves.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tally/blob.h"
#include "tally/error.h"
#include "tally/runtime/arguments.hpp"
#include "tally/runtime/blob_table.hpp"
#include "tally/runtime/interface.hpp"
#include "tally/runtime/table.hpp"

namespace tally::runtime::test {

struct Counted {
  explicit Counted(int start = 0) : value(start) { ++constructed; }
  Counted(const Counted&) = delete;
  ~Counted() { ++destroyed; }
  int value;
  inline static std::atomic<int> constructed = 0;
  inline static std::atomic<int> destroyed = 0;
};

struct Large {
  char bytes[100'000] = {};
};

struct alignas(128) Aligned {
  char bytes[128] = {};
};

extern TableBase* const tables[4];
extern Interface interface_;
extern Table<Counted> counted_table;
extern Table<Large> large_table;
extern Table<Aligned> aligned_table;
extern BlobTable blob_table;

struct Opaque;
inline constexpr Function function{interface_, "test_function"};

inline Call call() {
  return {function, TALLY_CALLER};
}

/// As an exported creator does it.
inline Opaque* create(int start = 0) {
  interface_.run_deferred();
  Opaque* token = nullptr;
  counted_table.create(call(), &token, [&] { return Counted(start); });
  return token;
}

inline tally_status destroy(Opaque* token) {
  return counted_table.destroy(call(), "owner", token);
}

inline Opaque* handle_of(const Opaque* word) {
  return as_pointer<Opaque>(counted_table.ref(call(), word));
}

inline tally_balance balance_of(const TableBase& table) {
  tally_balance balance;
  table.balance(&balance);
  return balance;
}

}  // namespace tally::runtime::test
