// Two objects hold each other by counted references.
#include <cstdio>
#include <memory>

struct Route {
  std::shared_ptr<Route> next;
};

static void travel() {
  const auto there = std::make_shared<Route>();
  const auto back = std::make_shared<Route>();
  there->next = back;
  back->next = there;  // the bug: neither count ever comes to zero
  std::printf("%ld %ld\n", there.use_count(), back.use_count());
}

int main() {
  for (int i = 0; i < 3; ++i) travel();
}
