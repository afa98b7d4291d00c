// A thread that does one thing after another, and lives until it is told to end: a second caller, in step
// with the first.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace conformance_table {

class Worker {
 public:
  Worker() : thread_([this] { work(); }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    run(nullptr);
    thread_.join();
  }

  /// Runs it on this thread and waits. Nothing ends the thread.
  void run(std::function<void()> task) {
    std::unique_lock locked(lock_);
    task_ = std::move(task);
    has_task_ = true;
    changed_.notify_all();
    changed_.wait(locked, [this] { return !has_task_; });
  }

 private:
  void work() {
    for (bool is_over = false; !is_over;) {
      std::unique_lock locked(lock_);
      changed_.wait(locked, [this] { return has_task_; });
      is_over = !task_;
      if (task_) task_();
      has_task_ = false;
      changed_.notify_all();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::function<void()> task_;
  bool has_task_ = false;
  std::thread thread_;
};

}  // namespace conformance_table
