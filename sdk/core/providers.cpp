// The list of providers: modules, and hosts that give objects of their own, in the order in which they came.
#include "array.hpp"
#include "lock.hpp"
#include "services.hpp"

namespace tally::core {
namespace {

constinit Lock& lock = locks.providers;
constinit Array<tally_provider*> list;

}  // namespace

tally_status provider_add(tally_provider* provider) {
  const Locked locked(lock);
  if (!list.push(provider)) return TALLY_OUT_OF_MEMORY;
  watch_exit();
  next_epoch();
  return TALLY_OK;
}

void provider_remove(tally_provider* provider) {
  const Locked locked(lock);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == provider) {
      list.remove(i);
      break;
    }
  }
  next_epoch();
}

void providers(tally_provider_visitor visitor, void* user) {
  const Locked locked(lock);
  for (tally_provider* provider : list) {
    // One that was unmapped without a word is not called any more.
    if (is_mapped(provider->address) && visitor(provider, user) != 0) return;
  }
}

}  // namespace tally::core
