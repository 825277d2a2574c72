// SPDX-License-Identifier: Apache-2.0
// Sink: one place that messages are brought to. It owns its connection and nothing else: what
// waits, is tried again or is set aside stands in the outbox before it.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "deliver/record.hpp"

namespace tapwarden {

/// A record as it is sent.
struct Message {
  RecordKind kind = RecordKind::alert;
  Timestamp time;
  Severity severity = Severity::low;
  std::string id;
  std::string key;
  std::string text;  ///< encoded, one line, without its end
};

enum class Outcome : uint8_t {
  delivered,  ///< the other side has it, as far as its protocol can tell
  retry,      ///< it may succeed later: no connection, 429, 5xx, a timeout
  poisoned,   ///< it will never be taken: the other side refuses this very message
};

struct Delivery {
  Outcome outcome = Outcome::retry;
  std::string error{};  ///< empty where it was delivered
  std::chrono::milliseconds
      pause{};  ///< the other side asks for at least so long a wait; 0: it does not

  bool operator==(const Delivery&) const = default;
};

/// All of it is called on one thread, that of the loop, which no member blocks.
class Sink {
 public:
  /// One for each message of the batch, in its order.
  using Done = std::function<void(std::vector<Delivery>)>;

  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// Brings these there and calls `done` once, from the loop and never from within deliver(),
  /// within a bounded time. One batch at a time: not to be called again before that. The messages
  /// stay where they are until then. A sink that is destroyed calls nothing any more.
  virtual void deliver(std::span<const Message> batch, Done done) = 0;

  /// Messages, and octets of their texts, that one batch should at most have.
  virtual size_t batch_max() const { return 1; }
  virtual size_t batch_size_max() const { return 1 << 20; }

  /// Whether it finds by itself the message that has a batch fail; otherwise it is given smaller
  /// ones when several in a row have failed.
  virtual bool divides() const { return false; }

  /// How long a batch that has room left is to wait for more, from when the first of its messages
  /// could go. Asked once for each batch, before it; the wait ends early at the agent's end.
  virtual std::chrono::milliseconds linger() const { return {}; }

  /// SIGHUP: files are opened by their names again. Where one cannot be used the old one stays, and
  /// what is wrong is given back.
  virtual std::string reopen() { return {}; }
};

}  // namespace tapwarden
