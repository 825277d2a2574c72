// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <deque>
#include <stdexcept>
#include <utility>

#include "deliver/sinks/http_answer.hpp"
#include "deliver/sinks/http_body.hpp"
#include "deliver/sinks/http_connection.hpp"
#include "deliver/sinks/http_credentials.hpp"

namespace tapwarden {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr size_t kBatchSizeMin = 1 << 10;

Url url_of(const HttpSettings& settings) {
  try {
    return parse_url(settings.url);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("url: {}", error.what()));
  }
}

std::string joined(const std::string& one, const std::string& other) {
  return one + (one.empty() || other.empty() ? "" : "; ") + other;
}

class HttpSink : public Sink {
 public:
  HttpSink(asio::any_io_executor loop, HttpSettings settings)
      : state_(std::make_shared<State>(std::move(loop), std::move(settings))) {}

  // What is under way ends by itself soon; it owns the rest until then.
  ~HttpSink() override {
    state_->done = nullptr;
    state_->connection.close();
  }

  void deliver(std::span<const Message> batch, Done done) override {
    state_->batch = batch;
    state_->done = std::move(done);
    asio::co_spawn(state_->loop, run(state_), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  }

  size_t batch_max() const override { return state_->batch_max; }
  size_t batch_size_max() const override { return state_->batch_size_max; }

  std::string reopen() override {
    state_->renew_authorization();
    state_->connection_error = state_->connection.reopen();
    state_->set_batch();
    return joined(state_->authorization_error, state_->connection_error);
  }

 private:
  struct State {
    State(asio::any_io_executor executor, HttpSettings given)
        : loop(std::move(executor)),
          settings(std::move(given)),
          url(url_of(settings)),
          target(http_target(settings, url)),
          connection(loop, settings, url) {
      check(settings, url);
      authorization = tapwarden::authorization(settings);
      set_batch();
    }

    size_t batch_limit() const {
      return settings.body == HttpTemplate::object ? 1 : settings.batch;
    }

    void set_batch() {
      batch_max = batch_limit();
      batch_size_max = settings.batch_size;
    }

    /// The old secret stays where the file cannot be read just now.
    void renew_authorization() {
      try {
        authorization = tapwarden::authorization(settings);
        authorization_error.clear();
      } catch (const std::exception& error) {
        authorization_error = error.what();
      }
    }

    HttpRequest request(std::span<const Message> piece) const {
      HttpRequest request{.target = target, .fields = {}, .body = http_body(settings, piece)};
      auto& fields = request.fields;
      fields.emplace_back("User-Agent", "tapwarden");
      fields.emplace_back("Accept-Encoding", "identity");
      fields.emplace_back("Content-Type", http_content_type(settings.body));
      if (settings.gzip) {
        request.body = gzipped(request.body);
        fields.emplace_back("Content-Encoding", "gzip");
      }
      if (!authorization.empty()) fields.emplace_back("Authorization", authorization);
      fields.insert(fields.end(), settings.headers.begin(), settings.headers.end());
      return request;
    }

    /// Our own troubles beside what the other side says.
    std::string with_own_errors(const std::string& error) const {
      return joined(error, joined(authorization_error, connection_error));
    }

    asio::awaitable<HttpVerdict> ask(std::span<const Message> piece) {
      HttpExchange exchange = co_await connection.exchange(request(piece));
      HttpVerdict verdict;
      if (!exchange.error.empty()) {
        Delivery none{.outcome = Outcome::retry, .error = exchange.error};
        verdict.deliveries.assign(piece.size(), none);
      } else {
        verdict = read_answer(settings, piece.size(), exchange.answer, wall_clock());
      }
      unsigned status = exchange.answer.status;
      if (status == 401 || status == 403) renew_authorization();
      for (Delivery& delivery : verdict.deliveries)
        if (delivery.outcome == Outcome::retry) delivery.error = with_own_errors(delivery.error);
      co_return verdict;
    }

    /// Runs of messages that can be sent, and between them, alone, each that cannot.
    std::deque<size_t> whole() const {
      std::deque<size_t> pieces;
      bool is_run = false;
      for (const Message& message : batch) {
        bool is_fit = http_unfit(settings, message).empty();
        if (is_fit && is_run)
          ++pieces.back();
        else
          pieces.push_back(1);
        is_run = is_fit;
      }
      return pieces;
    }

    void note_too_large(std::span<const Message> piece) {
      size_t size = 0;
      for (const Message& message : piece) size += message.text.size();
      batch_size_max = std::max(kBatchSizeMin, size / 2);
    }

    /// Piece after piece in the batch's order; what comes behind one that must wait waits with it,
    /// so that the order within a key holds.
    asio::awaitable<std::vector<Delivery>> bring() {
      std::vector<Delivery> told;
      std::deque<size_t> pieces = whole();
      auto deadline = Clock::now() + settings.connect_timeout + settings.write_timeout +
                      settings.answer_timeout;
      Delivery rest{.error = "no time was left for these"};
      for (bool is_first = true; !pieces.empty(); is_first = false) {
        auto piece = batch.subspan(told.size(), pieces.front());
        if (std::string unfit = http_unfit(settings, piece.front()); !unfit.empty()) {
          told.push_back({.outcome = Outcome::poisoned, .error = unfit});
          pieces.pop_front();
          continue;
        }
        if (!is_first && Clock::now() > deadline) {
          batch_max = std::max<size_t>(1, batch.size() / 2);
          told.resize(batch.size(), rest);
          co_return told;
        }
        HttpVerdict verdict = co_await ask(piece);
        if (!done) co_return told;
        pieces.pop_front();
        if (verdict.is_too_large) note_too_large(piece);
        pieces.insert(pieces.begin(), verdict.pieces.begin(), verdict.pieces.end());
        told.insert(told.end(), verdict.deliveries.begin(), verdict.deliveries.end());
        auto waits = std::ranges::find(verdict.deliveries, Outcome::retry, &Delivery::outcome);
        if (waits == verdict.deliveries.end()) continue;
        rest = *waits;
        break;
      }
      batch_max = std::min(batch_limit(), 2 * batch_max);
      told.resize(batch.size(), rest);
      co_return told;
    }

    asio::any_io_executor loop;
    HttpSettings settings;
    Url url;
    std::string target;
    HttpConnection connection;
    std::string authorization;
    std::string authorization_error;  // why it could not be read again
    std::string connection_error;     // the same of the certificates
    size_t batch_max = 1;             // smaller than the settings' where the other side showed why
    size_t batch_size_max = 1;
    std::span<const Message> batch;  // not to be looked at where `done` is empty
    Done done;
  };

  static asio::awaitable<void> run(std::shared_ptr<State> state) {
    std::vector<Delivery> told;
    if (!state->done) co_return;
    try {
      told = co_await state->bring();
    } catch (const std::exception& error) {
      told.assign(state->batch.size(), Delivery{.error = error.what()});
    }
    if (Done done = std::exchange(state->done, nullptr)) done(std::move(told));
  }

  std::shared_ptr<State> state_;
};

}  // namespace

void check_settings(const HttpSettings& settings) {
  Url url = url_of(settings);
  check(settings, url);
  static_cast<void>(http_target(settings, url));
}

std::unique_ptr<Sink> http_sink(asio::any_io_executor loop, HttpSettings settings) {
  return std::make_unique<HttpSink>(std::move(loop), std::move(settings));
}

}  // namespace tapwarden
