// A borrowed object in a call that can be re-entered: as long as the pin lasts, the object is not destroyed
// under it, whatever the call comes back to do.
#pragma once

#include "tally/runtime/table.hpp"

namespace tally::runtime {

template <class Object>
class Pin {
 public:
  Pin(Table<Object>& table, Call call, const char* parameter, const void* pointer) noexcept
      : table_(table), at_(table.callable(pointer)) {
    if (at_) {
      table_.enter(at_);
    } else {
      status_ = refuse(call, table, parameter, word_of(pointer), Wanted::object);
    }
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ~Pin() {
    if (at_) table_.leave(at_);
  }

  tally_status status() const noexcept { return status_; }
  Object* object() const noexcept { return table_.object_in(at_); }

 private:
  Table<Object>& table_;
  At at_;
  tally_status status_ = TALLY_OK;
};

}  // namespace tally::runtime
