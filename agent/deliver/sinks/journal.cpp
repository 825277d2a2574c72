// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/time.hpp"
#include "deliver/sinks/life.hpp"
#include "deliver/sinks/syslog_message.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// A value with an end of line in it goes with its size before it, in 64 bits, little endian.
void add(std::string& entry, std::string_view name, std::string_view value) {
  entry += name;
  if (value.find('\n') == std::string_view::npos) {
    entry += '=';
  } else {
    entry += '\n';
    for (unsigned bits = 0; bits < 64; bits += 8)
      entry += static_cast<char>(value.size() >> bits & 0xFF);
  }
  entry += value;
  entry += '\n';
}

/// What is too large for a datagram goes as a sealed file in memory, whose descriptor is the whole
/// message. 0 or errno.
int send_as_file(int socket, sockaddr_un& target, std::string_view entry) {
  int file = ::memfd_create("journal-entry", MFD_ALLOW_SEALING | MFD_CLOEXEC);
  if (file < 0) return errno;
  int error = 0;
  constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (::write(file, entry.data(), entry.size()) != static_cast<ssize_t>(entry.size()) ||
      ::fcntl(file, F_ADD_SEALS, seals) != 0) {
    error = errno != 0 ? errno : EIO;
  } else {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_name = &target;
    message.msg_namelen = sizeof target;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &file, sizeof file);
    if (::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) error = errno;
  }
  ::close(file);
  return error;
}

/// 0 or errno.
int send_entry(int socket, const std::string& path, const std::string& entry) {
  sockaddr_un target{};
  target.sun_family = AF_UNIX;
  if (path.size() >= sizeof target.sun_path) return ENAMETOOLONG;
  path.copy(target.sun_path, sizeof target.sun_path - 1);
  const auto* address = reinterpret_cast<const sockaddr*>(&target);
  if (::sendto(socket, entry.data(), entry.size(), MSG_DONTWAIT | MSG_NOSIGNAL, address,
               sizeof target) >= 0)
    return 0;
  if (errno != EMSGSIZE && errno != ENOBUFS) return errno;
  return send_as_file(socket, target, entry);
}

class JournalSink : public Sink {
 public:
  JournalSink(const asio::any_io_executor& loop, JournalSettings settings)
      : settings_(std::move(settings)),
        timer_(loop),
        socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
  }
  ~JournalSink() override { ::close(socket_); }

  void deliver(std::span<const Message> batch, Done done) override {
    entries_.clear();
    for (const Message& message : batch)
      entries_.push_back(journal_entry(message, settings_.identifier));
    sent_ = 0;
    done_ = std::move(done);
    until_ = steady_clock::now() + settings_.timeout;
    asio::post(timer_.get_executor(), life_.while_it_lasts([this] { send(); }));
  }

  size_t batch_max() const override { return 256; }

 private:
  void send() {
    int error = 0;
    while (sent_ < entries_.size() && error == 0) {
      error = send_entry(socket_, settings_.socket, entries_[sent_]);
      if (error == 0) ++sent_;
    }
    if (error == EAGAIN && steady_clock::now() < until_) {
      timer_.expires_after(milliseconds(10));
      return timer_.async_wait(life_.while_it_lasts([this] { send(); }));
    }
    Delivery failed{Outcome::retry,
                    fmt::format("{}: {}", settings_.socket,
                                error == EAGAIN ? "the journal does not read"
                                                : std::generic_category().message(error))};
    std::vector<Delivery> answers(entries_.size(), failed);
    std::fill_n(answers.begin(), sent_, Delivery{Outcome::delivered});
    std::exchange(done_, nullptr)(std::move(answers));
  }

  JournalSettings settings_;
  asio::steady_timer timer_;
  int socket_;
  std::vector<std::string> entries_;
  size_t sent_ = 0;
  steady_clock::time_point until_;
  Done done_;
  Life life_;
};

}  // namespace

std::string_view journal_message_id(RecordKind kind) {
  static constexpr std::array<std::string_view, record_kinds_count> ids = {
      "3ac4f175f8a44cc38c8325423a501961", "bb7848391d134c6a87f6fc7ffe8368e9",
      "2fbe0ab433474e29bb3d6ef44e2075a6", "e57fb04b526349f4bdec0aee18b051d0",
      "9a2acd8ef7454badbe22dc5caf47d0d3"};
  return ids[static_cast<size_t>(kind)];
}

std::string journal_entry(const Message& message, std::string_view identifier) {
  std::string entry;
  add(entry, "MESSAGE", message.text);
  add(entry, "MESSAGE_ID", journal_message_id(message.kind));
  add(entry, "PRIORITY", std::to_string(syslog_severity(message)));
  add(entry, "SYSLOG_IDENTIFIER", identifier);
  add(entry, "TAPWARDEN_KIND", to_string(message.kind));
  add(entry, "TAPWARDEN_TIME", to_rfc3339(message.time));
  add(entry, "TAPWARDEN_EVENT_ID", message.id);
  if (!message.key.empty()) add(entry, "TAPWARDEN_DEVICE", message.key);
  if (message.kind == RecordKind::alert)
    add(entry, "TAPWARDEN_SEVERITY", to_string(message.severity));
  return entry;
}

std::unique_ptr<Sink> journal_sink(asio::any_io_executor loop, JournalSettings settings) {
  return std::make_unique<JournalSink>(loop, std::move(settings));
}

}  // namespace tapwarden
