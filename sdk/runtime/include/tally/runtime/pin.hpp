// Borrowed objects that could be destroyed under a call: they are not, as long as one of these lasts.
#pragma once

#include "tally/runtime/table.hpp"

namespace tally::runtime {

/// A borrowed object in a call that can be re-entered: whatever the call comes back to do.
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

/// A borrowed object that several threads may use: as long as it lasts, the object is not destroyed under it,
/// on whatever thread.
template <class Object>
class Use {
 public:
  [[gnu::always_inline]] Use(Table<Object>& table, Call call, const char* parameter,
                             const void* pointer) noexcept
      : table_(table) {
    if (!table.enter_at_once(pointer, &entry_)) [[unlikely]]
      status_ = table.enter(call, parameter, pointer, &entry_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  [[gnu::always_inline]] ~Use() {
    if (entry_.slot) table_.leave_at_once(entry_);
  }

  tally_status status() const noexcept { return status_; }
  Object* object() const noexcept { return table_.object_of(*entry_.slot); }

 private:
  Table<Object>& table_;
  TableBase::Entry entry_;
  tally_status status_ = TALLY_OK;
};

/// The turn in a family of objects of which one may be used at a time, for the object that a call is inside
/// of.
class FamilyUse {
 public:
  FamilyUse(TableBase& table, Call call, const char* parameter, const void* pointer) noexcept
      : status_(table.enter_family(call, parameter, pointer, &root_, &entry_)) {}
  FamilyUse(const FamilyUse&) = delete;
  FamilyUse& operator=(const FamilyUse&) = delete;
  ~FamilyUse() {
    if (entry_.slot) root_->leave(entry_);
  }

  tally_status status() const noexcept { return status_; }

 private:
  TableBase* root_ = nullptr;
  TableBase::Entry entry_;
  tally_status status_;
};

/// A call that moves the memory of its object, and can come back before it has, or is not alone: views of it
/// are opened later.
class Moving {
 public:
  Moving(TableBase& table, Call call, const void* pointer) noexcept
      : table_(table), place_(table.place_of(pointer)), status_(table.hold_views(call, pointer)) {}
  Moving(const Moving&) = delete;
  Moving& operator=(const Moving&) = delete;
  ~Moving() {
    if (status_ == TALLY_OK) table_.allow_views(place_);
  }

  tally_status status() const noexcept { return status_; }

 private:
  TableBase& table_;
  Place place_;
  tally_status status_;
};

}  // namespace tally::runtime
