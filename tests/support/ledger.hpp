// What tests ask of the whole ledger.
#pragma once

#include <cstdint>

#include "tally/ledger.h"

/// Over all classes of all modules.
struct Totals {
  std::uint64_t issued = 0;
  std::uint64_t held = 0;  ///< Live and deferred.
};

inline Totals totals() {
  Totals totals;
  tally_ledger_balances(
      nullptr,
      [](const tally_balance* balance, void* user) {
        Totals& sum = *static_cast<Totals*>(user);
        sum.issued += balance->issued;
        sum.held += balance->live + balance->deferred;
        return 0;
      },
      &totals);
  return totals;
}

/// 0 when everything has been given back.
inline std::uint64_t held() {
  return totals().held;
}
