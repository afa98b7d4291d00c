// A borrowed object in a call that can be re-entered: as long as the pin lasts, the object is not destroyed
// under it, whatever the call comes back to do.
#pragma once

#include "tally/runtime/table.hpp"

namespace tally::runtime {

template <class Object>
class Pin {
 public:
  Pin(Table<Object>& table, Call call, const char* parameter, const void* pointer) noexcept
      : table_(table), slot_(table.slot_at_once(pointer)) {
    if (!slot_) slot_ = table.callable(pointer).slot;
    if (slot_) {
      ++slot_->inside;
      handle_ = slot_->handle.load(std::memory_order_relaxed);
    } else {
      status_ = refuse(call, table, parameter, word_of(pointer), Wanted::object);
    }
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ~Pin() {
    if (slot_) table_.leave(*slot_, handle_);
  }

  tally_status status() const noexcept { return status_; }
  Object* object() const noexcept { return table_.object_of(*slot_); }

 private:
  Table<Object>& table_;
  Slot* slot_;
  Word handle_ = 0;
  tally_status status_ = TALLY_OK;
};

/// A call that moves the memory of its object, and can come back before it has: views of it are opened later.
class Moving {
 public:
  Moving(TableBase& table, const void* pointer) noexcept
      : table_(table), place_(table.place_of(pointer)), was_held_(table.hold_views(pointer)) {}
  Moving(const Moving&) = delete;
  Moving& operator=(const Moving&) = delete;
  ~Moving() {
    if (!was_held_) table_.allow_views(place_);
  }

 private:
  TableBase& table_;
  Place place_;
  bool was_held_;
};

}  // namespace tally::runtime
