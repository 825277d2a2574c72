// SPDX-License-Identifier: Apache-2.0
#include "app/client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "app/control_access.hpp"
#include "app/setup.hpp"
#include "config/load.hpp"
#include "report/reading.hpp"

namespace tapwarden {

namespace json = boost::json;

namespace {

constexpr timeval kPatience{120, 0};  // without a sign: a reload reads all rules
constexpr size_t kLineMax = 16 << 20;

[[noreturn]] void unreachable(const std::filesystem::path& path, int error) {
  std::string why = std::generic_category().message(error);
  if (error == ENOENT || error == ECONNREFUSED) {
    why +=
        ": no agent runs there; name the configuration of the one that does with -c FILE, or its "
        "socket with --socket PATH";
  } else if (error == EACCES || error == EPERM) {
    why += ": only the agent's own user and group, see control.group, may ask it";
  } else if (error == EAGAIN) {
    why = "the agent does not answer";
  }
  throw Unreachable(fmt::format("{}: {}", path.string(), why));
}

class Connection {
 public:
  explicit Connection(const std::filesystem::path& path)
      : path_(path), descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (descriptor_ < 0) unreachable(path_, errno);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string text = path.string();
    if (text.size() >= sizeof address.sun_path) unreachable(path_, ENAMETOOLONG);
    std::memcpy(address.sun_path, text.data(), text.size());
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    const void* place = &address;
    if (::connect(descriptor_, static_cast<const sockaddr*>(place), sizeof address) != 0) {
      int error = errno;
      ::close(descriptor_);
      unreachable(path_, error);
    }
  }
  ~Connection() { ::close(descriptor_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view text) {
    while (!text.empty()) {
      ssize_t sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      // It may have said why before it hung up.
      if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
      if (sent < 0) unreachable(path_, errno);
      text.remove_prefix(static_cast<size_t>(sent));
    }
  }

  std::string line() {
    for (size_t searched = 0;;) {
      size_t end = buffer_.find('\n', start_ + searched);
      if (end != std::string::npos) {
        std::string found = buffer_.substr(start_, end - start_);
        start_ = end + 1;
        return found;
      }
      searched = buffer_.size() - start_;
      buffer_.erase(0, std::exchange(start_, 0));
      if (buffer_.size() > kLineMax) throw Unreachable(path_.string() + ": no agent answers so");
      fill();
    }
  }

 private:
  void fill() {
    std::array<char, 65536> room;
    ssize_t count = 0;
    do {
      count = ::recv(descriptor_, room.data(), room.size(), 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) unreachable(path_, errno);
    if (count == 0) throw Unreachable(path_.string() + ": the agent broke off amid its answer");
    buffer_.append(room.data(), static_cast<size_t>(count));
  }

  std::filesystem::path path_;
  int descriptor_;
  std::string buffer_;
  size_t start_ = 0;
};

}  // namespace

std::filesystem::path find_socket(const Common& common, const std::string& socket) {
  if (!socket.empty()) return socket;
  if (common.configuration.empty()) return default_socket;
  Diagnostics diagnostics;
  config::Settings settings = config::load(common.configuration, diagnostics);
  if (!diagnostics.empty()) throw Misconfigured(diagnostics);
  std::filesystem::path path = socket_path(settings);
  if (path.empty()) {
    throw UsageError(
        fmt::format("{} has neither control.socket nor state.directory: its agent has no socket",
                    common.configuration));
  }
  return path;
}

json::object ask(const std::filesystem::path& socket, const json::object& request,
                 const std::function<void(const json::object& record)>& on_record) {
  Connection connection(socket);
  connection.send(json::serialize(request) + '\n');
  while (true) {
    boost::system::error_code error;
    json::value value = json::parse(connection.line(), error);
    if (error || !value.is_object())
      throw Unreachable(socket.string() + ": what answers there is no agent");
    json::object& object = value.get_object();
    if (text_of(object, "kind") != "answer") {
      on_record(object);
      continue;
    }
    const json::value* ok = object.if_contains("ok");
    if (ok == nullptr || *ok != true) throw Refused(text_of(object, "error"));
    return std::move(object);
  }
}

}  // namespace tapwarden
