// SPDX-License-Identifier: Apache-2.0
#include "app/control_socket.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "app/control_access.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;
using Error = boost::system::error_code;

namespace {

constexpr mode_t kMode = 0660;
constexpr size_t kNameSize = 16 << 10;  // of what the system says of a user
constexpr auto kAcceptPause = std::chrono::seconds(1);

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view why) {
  throw std::runtime_error(fmt::format("control socket {}: {}", path.string(), why));
}

/// The user's name, or the number where the system has none. May ask a directory service.
std::string user_name(uid_t user) {
  std::vector<char> room(kNameSize);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
  return found == nullptr ? fmt::format("uid {}", user) : std::string(entry.pw_name);
}

/// Takes away what a daemon that is dead left there.
void clear(asio::io_context& loop, const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) refuse(path, "there is something that is no socket");
  Local::socket probe(loop);
  Error error;
  probe.connect(Local::endpoint(path.string()), error);
  if (error != asio::error::connection_refused)
    refuse(path, error ? error.message() : "another agent answers there");
  ::unlink(path.c_str());
}

/// Nobody can connect before listen(), and by then the permissions are as they should be.
void listen(Local::acceptor& acceptor, const std::filesystem::path& path,
            const std::string& group) {
  if (path.string().size() >= sizeof(sockaddr_un::sun_path)) {
    refuse(path, fmt::format("the path is too long: {} octets at most",
                             sizeof(sockaddr_un::sun_path) - 1));
  }
  acceptor.open(Local());
  Error error;
  acceptor.bind(Local::endpoint(path.string()), error);
  if (error) refuse(path, error.message());
  try {
    if (!group.empty())
      hand_to_group(path, group, kMode);
    else if (::chmod(path.c_str(), kMode) != 0)
      refuse(path, std::generic_category().message(errno));
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
  acceptor.listen();
}

Answer one_line(std::string line) {
  return [line = std::move(line)](std::string& piece) {
    piece = line;
    return false;
  };
}

}  // namespace

struct ControlSocket::State {
  State(asio::io_context& io, std::filesystem::path file, Serve service, SocketLimits bounds)
      : loop(io),
        acceptor(io),
        pause(io),
        path(std::move(file)),
        serve(std::move(service)),
        limits(bounds) {}
  asio::io_context& loop;
  Local::acceptor acceptor;
  asio::steady_timer pause;
  std::filesystem::path path;
  Serve serve;
  SocketLimits limits;
  Counters counters;
  size_t clients = 0;
  ino_t inode = 0;
  asio::thread_pool names{1};  // a directory service may take its time
};

/// One client: a request, its answer, the next request. It lives as long as something is under way
/// for it.
class ControlSocket::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<State> state, Local::socket socket)
      : state_(std::move(state)), socket_(std::move(socket)), timer_(state_->loop) {
    ++state_->clients;
  }
  ~Session() { --state_->clients; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() {
    if (state_->clients > state_->limits.clients) {
      ++state_->counters.refused;
      return reject(fmt::format("{} others are asking already; try again", state_->limits.clients));
    }
    ++state_->counters.clients;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
      return reject("the system does not say who asks");
    asio::post(state_->names, [self = shared_from_this(), user = peer.uid]() mutable {
      asio::io_context& loop = self->state_->loop;
      // Handed on whole: what is of the loop must not end on this thread.
      asio::post(loop, [self = std::move(self), name = user_name(user)] {
        self->user_ = name;
        self->read();
      });
    });
  }

 private:
  void limit(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this()](const Error& error) {
      if (error) return;
      ++self->state_->counters.too_slow;
      self->close();
    });
  }
  void close() {
    Error ignored;
    timer_.cancel();
    socket_.close(ignored);
  }

  /// A request that stands in the buffer already is taken at once.
  void read() {
    limit(state_->limits.request_time);
    read_more(0);
  }
  void read_more(size_t searched) {
    size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos && end <= state_->limits.request_size) {
      std::string request = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return serve(std::move(request));
    }
    if (buffer_.size() > state_->limits.request_size) {
      ++state_->counters.too_long;
      return reject(fmt::format("a request has {} octets at most", state_->limits.request_size));
    }
    size_t filled = buffer_.size();
    buffer_.resize(filled + 4096);
    socket_.async_read_some(asio::buffer(buffer_.data() + filled, 4096),
                            [self = shared_from_this(), filled](const Error& error, size_t count) {
                              self->buffer_.resize(filled + count);
                              if (error) return self->close();
                              self->read_more(filled);
                            });
  }

  void serve(std::string request) {
    timer_.cancel();
    state_->serve(std::move(request), user_, [self = shared_from_this()](Answer answer) {
      self->answer_ = std::move(answer);
      self->write();
    });
  }

  void write() {
    piece_.clear();
    more_ = answer_(piece_);
    if (!more_) answer_ = nullptr;
    limit(state_->limits.piece_time);
    asio::async_write(socket_, asio::buffer(piece_),
                      [self = shared_from_this()](const Error& error, size_t) {
                        self->timer_.cancel();
                        if (error || self->is_last_) return self->close();
                        self->more_ ? self->write() : self->read();
                      });
  }

  void reject(std::string_view why) {
    is_last_ = true;
    answer_ = one_line(fmt::format("{{\"kind\":\"answer\",\"ok\":false,\"error\":\"{}\"}}\n", why));
    write();
  }

  std::shared_ptr<State> state_;
  Local::socket socket_;
  asio::steady_timer timer_;
  std::string user_;
  std::string buffer_;
  std::string piece_;
  Answer answer_;
  bool more_ = false;
  bool is_last_ = false;
};

void ControlSocket::accept(const std::shared_ptr<State>& state) {
  state->acceptor.async_accept(
      [weak = std::weak_ptr(state)](const Error& error, Local::socket socket) {
        auto kept = weak.lock();
        if (!kept || error == asio::error::operation_aborted) return;
        if (!error) {
          std::make_shared<Session>(kept, std::move(socket))->start();
          return accept(kept);
        }
        // Such as too many open files: it would fail again at once.
        kept->pause.expires_after(kAcceptPause);
        kept->pause.async_wait([weak](const Error& cancelled) {
          auto still = weak.lock();
          if (still && !cancelled) accept(still);
        });
      });
}

ControlSocket::ControlSocket(asio::io_context& loop, std::filesystem::path path,
                             const std::string& group, Serve serve, SocketLimits limits)
    : state_(std::make_shared<State>(loop, std::move(path), std::move(serve), limits)) {
  clear(loop, state_->path);
  listen(state_->acceptor, state_->path, group);
  struct stat status {};
  if (::lstat(state_->path.c_str(), &status) == 0) state_->inode = status.st_ino;
  accept(state_);
}

ControlSocket::~ControlSocket() {
  Error ignored;
  state_->acceptor.close(ignored);
  state_->pause.cancel();
  state_->names.stop();
  state_->names.join();
  struct stat status {};
  // Somebody may have put another in its place.
  if (::lstat(state_->path.c_str(), &status) == 0 && status.st_ino == state_->inode)
    ::unlink(state_->path.c_str());
}

ControlSocket::Counters ControlSocket::counters() const { return state_->counters; }

}  // namespace tapwarden
