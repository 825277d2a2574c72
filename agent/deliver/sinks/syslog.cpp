// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/syslog.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <stdexcept>

#include "deliver/sinks/connection.hpp"
#include "deliver/sinks/syslog_message.hpp"

namespace tapwarden {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::udp;
using boost::system::error_code;
using boost::system::system_error;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kSettle(50);  // for word of a refusal to come back
constexpr milliseconds kQuiet(200);  // for which an acknowledged connection must still stand

SyslogHeader header(const SyslogSettings& settings) {
  SyslogHeader header;
  header.facility = settings.facility;
  header.hostname = settings.hostname;
  if (header.hostname.empty()) {
    char own[256] = {};
    if (::gethostname(own, sizeof own - 1) == 0) header.hostname = own;
  }
  header.process = std::to_string(::getpid());
  header.data_id = settings.data_id;
  header.has_bom = settings.has_bom;
  return header;
}

std::string framed(std::string text, SyslogFraming framing) {
  if (framing == SyslogFraming::counted) return fmt::format("{} {}", text.size(), text);
  std::ranges::replace(text, '\n', ' ');
  return text += '\n';
}

/// What a coroutine needs that may outlive its sink.
struct State {
  State(asio::any_io_executor on, SyslogSettings with)
      : loop(std::move(on)), settings(std::move(with)), datagrams(loop), names(loop), timer(loop) {
    if (settings.transport == SyslogTransport::tls) tls.emplace(client_context(settings.tls));
  }

  uint16_t port() const {
    if (settings.port != 0) return settings.port;
    return settings.transport == SyslogTransport::tls ? 6514 : 514;
  }

  asio::any_io_executor loop;
  SyslogSettings settings;
  std::optional<asio::ssl::context> tls;
  std::shared_ptr<Connection> connection;
  udp::socket datagrams;
  udp::resolver names;
  asio::steady_timer timer;
  bool is_gone = false;
};

using Shared = std::shared_ptr<State>;

/// RFC 6587 section 3.4.1, RFC 5425 section 4.3.
asio::awaitable<void> stream(Shared state, std::string frames) {
  bool stands = state->connection && state->connection->is_whole();
  if (!stands) {
    state->connection = std::make_shared<Connection>(state->loop, state->settings.timeout);
    co_await state->connection->open(state->settings.host, state->port(),
                                     state->tls ? &*state->tls : nullptr, state->settings.tls.name);
  }
  co_await state->connection->write(frames);
  if (state->settings.confirm == SyslogConfirm::read) {
    co_await state->connection->finish();
    state->connection.reset();
  } else {
    co_await state->connection->settle(kQuiet);
  }
}

asio::awaitable<void> pause(Shared state, milliseconds time) {
  state->timer.expires_after(time);
  co_await state->timer.async_wait(use_awaitable);
}

/// A name is asked for anew with each batch: there is no connection that would break when it moves.
asio::awaitable<void> datagrams(Shared state, std::vector<std::string> messages) {
  state->timer.expires_after(state->settings.timeout);
  state->timer.async_wait([state](error_code error) {
    if (!error) state->names.cancel();
  });
  error_code error;
  auto found =
      co_await state->names.async_resolve(state->settings.host, std::to_string(state->port()),
                                          asio::redirect_error(use_awaitable, error));
  if (error == asio::error::operation_aborted) error = asio::error::timed_out;
  if (error) throw system_error(error);
  state->timer.cancel();
  udp::endpoint target = found.begin()->endpoint();
  error_code ignored;
  state->datagrams.close(ignored);
  state->datagrams.open(target.protocol());
  state->datagrams.non_blocking(true);
  state->datagrams.connect(target);
  milliseconds waited(0);
  for (size_t i = 0; i < messages.size();) {
    state->datagrams.send(asio::buffer(messages[i]), 0, error);
    if (!error) {
      ++i;
      continue;
    }
    bool is_full = error == asio::error::would_block || error == asio::error::no_buffer_space;
    if (!is_full || waited > state->settings.timeout) throw system_error(error);
    waited += milliseconds(5);
    co_await pause(state, milliseconds(5));
  }
  co_await pause(state, kSettle);
  char octet;
  state->datagrams.receive(asio::buffer(&octet, 1), 0, error);
  if (error && error != asio::error::would_block) throw system_error(error);
}

asio::awaitable<void> bring(Shared state, std::vector<std::string> messages, std::string frames,
                            size_t count, Sink::Done done) {
  if (state->is_gone) co_return;
  Delivery delivery{Outcome::delivered};
  try {
    if (messages.empty()) {
      co_await stream(state, std::move(frames));
    } else {
      co_await datagrams(state, std::move(messages));
    }
  } catch (const system_error& error) {
    delivery = {Outcome::retry, state->connection
                                    ? state->connection->why(error.code())
                                    : fmt::format("{}:{}: {}", state->settings.host, state->port(),
                                                  error.code().message())};
  } catch (const std::exception& error) {
    delivery = {Outcome::retry, error.what()};
  }
  if (delivery.outcome != Outcome::delivered && state->connection) {
    state->connection->close();
    state->connection.reset();
  }
  if (!state->is_gone) done(std::vector<Delivery>(count, delivery));
}

class SyslogSink : public Sink {
 public:
  SyslogSink(asio::any_io_executor loop, SyslogSettings settings)
      : header_(header(settings)),
        state_(std::make_shared<State>(std::move(loop), std::move(settings))) {}

  ~SyslogSink() override {
    error_code ignored;
    state_->is_gone = true;
    state_->names.cancel();
    state_->timer.cancel();
    state_->datagrams.close(ignored);
    if (state_->connection) state_->connection->close();
  }

  void deliver(std::span<const Message> batch, Done done) override {
    std::vector<std::string> messages;
    std::string frames;
    for (const Message& message : batch) {
      if (is_udp()) {
        messages.push_back(syslog_message(message, header_, state_->settings.size_max));
      } else {
        std::string text = syslog_message(message, header_, std::string::npos);
        frames += framed(std::move(text), state_->settings.framing);
      }
    }
    asio::post(state_->loop, [state = state_, messages = std::move(messages),
                              frames = std::move(frames), count = batch.size(),
                              done = std::move(done)]() mutable {
      if (state->is_gone) return;
      asio::co_spawn(state->loop,
                     bring(state, std::move(messages), std::move(frames), count, std::move(done)),
                     asio::detached);
    });
  }

  /// A batch of datagrams is what a receiver's socket commonly has room for.
  size_t batch_max() const override { return is_udp() ? 64 : 512; }
  size_t batch_size_max() const override { return is_udp() ? 128 << 10 : 1 << 20; }

  /// Certificates that were renewed; where they cannot be used, the old ones stay.
  std::string reopen() override {
    if (!state_->tls) return {};
    try {
      state_->tls.emplace(client_context(state_->settings.tls));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

 private:
  bool is_udp() const { return state_->settings.transport == SyslogTransport::udp; }

  SyslogHeader header_;
  Shared state_;
};

}  // namespace

void check_settings(const SyslogSettings& settings) {
  auto is_of_name = [](char c) {
    return c > ' ' && c < '\x7f' && c != '=' && c != ']' && c != '"';
  };
  const std::string& id = settings.data_id;
  if (id.empty() || id.size() > 32 || !std::ranges::all_of(id, is_of_name))
    throw std::invalid_argument(
        "data_id: 1 to 32 letters, digits and signs but '=', ']' and '\"' (RFC 5424 section "
        "6.3.2)");
}

std::unique_ptr<Sink> syslog_sink(asio::any_io_executor loop, SyslogSettings settings) {
  return std::make_unique<SyslogSink>(std::move(loop), std::move(settings));
}

}  // namespace tapwarden
