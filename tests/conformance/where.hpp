// Where a thread is: in a test's own code, or in Tallystick, which a step has called. tests/sweep lets
// allocations fail in one and not in the other.
#pragma once

namespace conformance_table {

enum class Where {
  test,
  tallystick,
  asking  ///< the test asks something of its own: what it calls for that is not what is tested
};

inline thread_local Where where = Where::test;

/// Is here until it ends. Who asks is asking, whatever is called for it.
class Here {
 public:
  explicit Here(Where now) : before_(where) {
    if (before_ != Where::asking) where = now;
  }
  Here(const Here&) = delete;
  Here& operator=(const Here&) = delete;
  ~Here() { where = before_; }

 private:
  Where before_;
};

/// Calls into Tallystick.
template <class Call>
decltype(auto) in_tallystick(Call&& call) {
  const Here here(Where::tallystick);
  return call();
}

}  // namespace conformance_table
