// Reading the ledger: through libtally's list of providers, each of which knows its own objects.
#include "tally/ledger.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "failure.hpp"

using tally::host::core;

namespace {

template <class Visitor>
struct Walk {
  const char* module;  // null: all
  Visitor visitor;
  void* user;

  bool wants(const tally_provider& provider) const {
    return !module || std::strcmp(module, provider.name) == 0;
  }
};

int visit_balances(tally_provider* provider, void* user) {
  const auto& walk = *static_cast<Walk<tally_balance_visitor>*>(user);
  if (!walk.wants(*provider)) return 0;
  for (std::uint32_t index = 0; index < provider->class_count; ++index) {
    tally_balance balance{};
    tally_provider_balance(provider, index, &balance);
    if (balance.issued == 0) continue;
    if (const int stop = walk.visitor(&balance, walk.user)) return stop;
  }
  return 0;
}

int visit_entries(tally_provider* provider, void* user) {
  const auto& walk = *static_cast<Walk<tally_entry_visitor>*>(user);
  if (!walk.wants(*provider)) return 0;
  for (std::uint32_t index = 0; index < provider->class_count; ++index) {
    if (const int stop = provider->live(provider, index, walk.visitor, walk.user)) return stop;
  }
  return 0;
}

}  // namespace

extern "C" void tally_ledger_balances(const char* module, tally_balance_visitor visitor, void* user) {
  Walk<tally_balance_visitor> walk{module, visitor, user};
  if (const tally_core* const services = core()) services->providers(visit_balances, &walk);
}

extern "C" void tally_ledger_live(const char* module, tally_entry_visitor visitor, void* user) {
  Walk<tally_entry_visitor> walk{module, visitor, user};
  if (const tally_core* const services = core()) services->providers(visit_entries, &walk);
}

extern "C" tally_status tally_site_keep_stacks(uint32_t one_in, uint32_t frames) {
  const tally_core* const services = core();
  const tally_status status = services ? services->keep_stacks(one_in, frames) : TALLY_VERSION_MISMATCH;
  if (status == TALLY_INVALID_ARGUMENT) {
    return tally::host::fail(nullptr, status,
                             "tally_site_keep_stacks: invalid argument: 'frames' is %u, which is not 0 to 64",
                             frames);
  }
  if (status == TALLY_NOT_SUPPORTED) {
    return tally::host::fail(
        nullptr, status,
        "tally_site_keep_stacks: not supported: libtally_stacks.so.1, which takes stacks, is not "
        "there beside libtally; is libunwind installed?");
  }
  return status;
}

extern "C" size_t tally_site_stack(tally_site site, tally_site* frames, size_t capacity) {
  const tally_core* const services = core();
  return services ? services->site_stack(site, frames, capacity) : 0;
}

extern "C" size_t tally_site_text(tally_site site, char* buffer, size_t capacity) {
  const tally_core* const services = core();
  return services ? services->site_text(site, buffer, capacity) : 0;
}

extern "C" size_t tally_site_place(tally_site site, char* buffer, size_t capacity) {
  const tally_core* const services = core();
  return services ? services->place_text(site, buffer, capacity) : 0;
}

extern "C" uint64_t tally_ledger_write(int descriptor, int only_unbalanced) {
  const tally_core* const services = core();
  return services ? services->report(descriptor, only_unbalanced) : 0;
}
