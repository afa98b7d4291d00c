// The wrapper without exceptions and RTTI, in one program with the wrapper that throws.
#include "without_exceptions.hpp"

#include "test.hpp"

namespace {

using WithoutExceptions = Fake;

TEST_F(WithoutExceptions, ASuccessHasItsValue) {
  EXPECT_EQ(without_exceptions::a_success_has_its_value(), "");
}

TEST_F(WithoutExceptions, AFailureHasItsError) {
  EXPECT_EQ(without_exceptions::a_failure_has_its_error(), "");
}

TEST_F(WithoutExceptions, ACallbackReturnsItsError) {
  EXPECT_EQ(without_exceptions::a_callback_returns_its_error(), "");
}

TEST_F(WithoutExceptions, AnObjectOfTheHostsIsCalled) {
  EXPECT_EQ(without_exceptions::an_object_of_the_hosts_is_called(), "");
}

}  // namespace
