// SPDX-License-Identifier: Apache-2.0
// Program: another program, run beside the loop: it is given its standard input whole, its end is
// waited for on the loop, and its time is bounded.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tapwarden {

struct ProgramEnd {
  int status = -1;   ///< with which it exited; -1 where it did not start, was killed or is late
  std::string text;  ///< how it ended, with the beginning of what it said on standard error
};

class Program {
 public:
  virtual ~Program() = default;
  /// With all of its process group.
  virtual void kill() = 0;
};

/// `on_end` is called once, from the loop and not from within this, no later than after `timeout`;
/// by then a program that has not ended has been killed. The first word of the command is its path.
std::shared_ptr<Program> run_program(const boost::asio::any_io_executor& loop,
                                     const std::vector<std::string>& command,
                                     const std::string& input, std::chrono::milliseconds timeout,
                                     std::function<void(const ProgramEnd&)> on_end);

}  // namespace tapwarden
