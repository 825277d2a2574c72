// SPDX-License-Identifier: Apache-2.0
// ControlSocket: the Unix socket at which operators reach the daemon: who connects, requests as
// lines, answers piece by piece. What is asked and answered it does not know.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace tapwarden {

/// Appends the next piece of an answer, whole lines of some 64 KiB, and says whether more comes. It
/// is called when the piece before has left, so that neither a long answer nor a slow reader holds
/// anybody up.
using Answer = std::function<bool(std::string& piece)>;
using Respond = std::function<void(Answer)>;

struct SocketLimits {
  size_t clients = 16;
  size_t request_size = 64 << 10;
  std::chrono::milliseconds request_time = std::chrono::seconds(30);  ///< until a request is whole
  std::chrono::milliseconds piece_time = std::chrono::seconds(30);    ///< until a piece is taken
};

class ControlSocket {
 public:
  /// One request, without the line's end, of the user of that name. `respond` is called once, now
  /// or later, on the loop's thread.
  using Serve = std::function<void(std::string request, const std::string& user, Respond respond)>;
  struct Counters {
    uint64_t clients = 0;   ///< ever let in
    uint64_t refused = 0;   ///< one too many
    uint64_t too_long = 0;  ///< requests over the bound
    uint64_t too_slow = 0;  ///< requests that did not come, pieces that nobody took
  };

  /// Listens there; a socket that a dead daemon left is replaced. Throws std::runtime_error where
  /// another agent answers or the system refuses.
  ControlSocket(boost::asio::io_context& loop, std::filesystem::path path, const std::string& group,
                Serve serve, SocketLimits limits = {});
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  Counters counters() const;

 private:
  struct State;
  class Session;
  static void accept(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace tapwarden
