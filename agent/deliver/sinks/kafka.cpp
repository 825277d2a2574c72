// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/kafka.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <stdexcept>
#include <utility>

#include "deliver/sinks/kafka_producer.hpp"

namespace tapwarden {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// librdkafka's own timeouts are looked at once a second.
constexpr auto kGrace = 5s;
constexpr auto kEndMax = 1s;

bool is_topic(std::string_view name) {
  auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::ranges::all_of(name, is_good);
}

void check_bounds(const KafkaSettings& settings) {
  auto refuse = [](const char* what) { throw std::invalid_argument(what); };
  if (settings.brokers.empty()) refuse("brokers: none");
  if (!is_topic(settings.topic))
    refuse("topic: allowed are 1 to 249 letters, digits, '.', '_' and '-'");
  check_secret(settings.password, "password");
  if (settings.batch < 1 || settings.batch > 10'000) refuse("batch: out of range");
  if (settings.batch_size < 1 << 10 || settings.batch_size > 64 << 20)
    refuse("batch_size: out of range");
  if (settings.timeout < 1s || settings.timeout > 5min) refuse("timeout: out of range");
}

/// Refused for what is in it.
bool is_about_message(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
         error == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE || error == RD_KAFKA_RESP_ERR_INVALID_RECORD ||
         error == RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP || error == RD_KAFKA_RESP_ERR__BAD_MSG;
}

bool is_mendable(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
         error == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
         error == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED ||
         error == RD_KAFKA_RESP_ERR__AUTHENTICATION || error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         error == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
}

class KafkaSink : public Sink {
 public:
  KafkaSink(asio::any_io_executor loop, KafkaSettings settings)
      : state_(std::make_shared<State>(std::move(loop), std::move(settings))) {
    state_->make_producer();
  }

  ~KafkaSink() override { state_->end(); }

  void deliver(std::span<const Message> batch, Done done) override {
    state_->begin(batch, std::move(done));
  }

  size_t batch_max() const override { return state_->settings.batch; }
  size_t batch_size_max() const override { return state_->settings.batch_size; }
  std::string reopen() override { return state_->reopen(); }

 private:
  struct State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor executor, KafkaSettings given)
        : loop(std::move(executor)), settings(std::move(given)), limit(loop) {
      check_bounds(settings);
    }

    /// The old one stays where this throws.
    void make_producer() {
      auto made = std::make_unique<KafkaProducer>(loop, settings);
      if (producer) retire();
      producer = std::move(made);
      is_refused = false;
      ++producers;
      wait();
    }

    void begin(std::span<const Message> messages, Done when_done) {
      batch = messages;
      done = std::move(when_done);
      told.assign(batch.size(), Delivery{});
      is_told.assign(batch.size(), false);
      is_alone.assign(batch.size(), batch.size() == 1);
      asio::post(loop, [self = shared_from_this()] { self->send(); });
    }

    void end() {
      done = nullptr;
      limit.cancel();
      if (producer) retire();
      auto deadline = std::chrono::steady_clock::now() + kEndMax;
      for (auto& ended : retired) ended.wait_until(deadline);
    }

    void retire() {
      std::erase_if(retired,
                    [](auto& ended) { return ended.wait_for(0s) == std::future_status::ready; });
      retired.push_back(producer->retire());
      producer.reset();
    }

    void send() {
      if (!done) return;
      renew();
      if (!producer) return finish();
      limit.expires_after(settings.timeout + kGrace);
      limit.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && self->done) self->give_up();
      });
      for (size_t i = 0; i < batch.size(); ++i) produce(i);
      advance();
    }

    /// A new producer where the old one can do no more, or after reopen(): its files are read anew.
    std::string renew() {
      if (is_fatal && producer) retire();
      is_fatal = false;
      if (producer && !is_outdated) return {};
      try {
        make_producer();
        is_outdated = false;
      } catch (const std::exception& error) {
        return trouble = error.what();
      }
      return {};
    }

    /// What is under way ends as it began; then the next batch makes the new producer.
    std::string reopen() {
      is_outdated = true;
      return done ? std::string() : renew();
    }

    void wait() {
      producer->wait([self = weak_from_this(), asked = producers] {
        auto state = self.lock();
        if (state && state->producer && state->producers == asked) state->serve();
      });
    }

    void serve() {
      producer->serve([this](size_t index, rd_kafka_resp_err_t error) { report(index, error); },
                      [this](rd_kafka_resp_err_t error, std::string text, bool is_fatal_error) {
                        note(error, std::move(text), is_fatal_error);
                      });
      uint64_t served = producers;
      if (done) advance();
      if (producer && producers == served) wait();
    }

    void produce(size_t index) {
      rd_kafka_resp_err_t error = producer->produce(settings.topic, batch[index], index);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        ++under_way;
      else
        tell(index, error);
    }

    void report(size_t index, rd_kafka_resp_err_t error) {
      if (!done || index >= told.size() || is_told[index]) return;
      --under_way;
      // A broker refuses a set of messages as a whole: whether it is this one is only known when it
      // comes alone.
      if (is_about_message(error) && !is_alone[index])
        alone.push_back(index);
      else
        tell(index, error);
    }

    void tell(size_t index, rd_kafka_resp_err_t error) {
      is_told[index] = true;
      Delivery& delivery = told[index];
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        delivery.outcome = Outcome::delivered;
        trouble.clear();
        return;
      }
      delivery.outcome = is_about_message(error) ? Outcome::poisoned : Outcome::retry;
      delivery.error = rd_kafka_err2str(error);
      // Where brokers refuse a login, messages merely run out of time.
      if (is_mendable(error) || (is_refused && delivery.outcome == Outcome::retry)) {
        delivery.error += "; tried again until topic, password or rights are mended";
        // librdkafka holds a topic that was refused for bad until it asks again, minutes later, and
        // a password for good.
        is_outdated = true;
      }
      if (delivery.outcome == Outcome::retry && !trouble.empty()) delivery.error += "; " + trouble;
    }

    void note(rd_kafka_resp_err_t error, std::string text, bool fatal) {
      // That all brokers are away says less than why one of them is, and that less than a refusal.
      bool says_less = is_refused || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
      if (fatal || is_mendable(error) || !says_less || trouble.empty()) trouble = std::move(text);
      if (is_mendable(error)) is_refused = true;
      if (!fatal || is_fatal) return;
      is_fatal = true;
      producer->purge();
    }

    void advance() {
      while (under_way == 0 && !alone.empty() && !is_fatal) {
        size_t index = alone.front();
        alone.pop_front();
        is_alone[index] = true;
        produce(index);
      }
      if (under_way == 0) finish();
    }

    /// librdkafka did not keep its time: what it says of these later must not be heard.
    void give_up() {
      if (trouble.empty()) trouble = "no report from librdkafka in time";
      is_fatal = true;
      finish();
    }

    void finish() {
      limit.cancel();
      if (is_fatal && producer) retire();
      is_fatal = false;
      under_way = 0;
      alone.clear();
      for (size_t i = 0; i < told.size(); ++i)
        if (!is_told[i]) told[i].error = trouble.empty() ? "given up" : trouble;
      if (Done tell_them = std::exchange(done, nullptr)) tell_them(std::move(told));
    }

    asio::any_io_executor loop;
    KafkaSettings settings;
    asio::steady_timer limit;
    std::unique_ptr<KafkaProducer> producer;
    uint64_t producers = 0;                  // made so far
    std::vector<std::future<void>> retired;  // ready when their threads have ended
    bool is_fatal = false;                   // the producer takes nothing any more
    bool is_refused = false;                 // a broker refuses the producer's login or rights
    bool is_outdated = false;                // its files are to be read anew
    std::string trouble;                     // librdkafka's last words, while nothing is delivered

    std::span<const Message> batch;
    Done done;
    std::vector<Delivery> told;
    std::vector<bool> is_told;
    std::vector<bool> is_alone;  // it came without others
    std::deque<size_t> alone;    // must still come without others
    size_t under_way = 0;
  };

  std::shared_ptr<State> state_;
};

}  // namespace

void check_settings(const KafkaSettings& settings) {
  check_bounds(settings);
  check_properties(settings);
}

std::unique_ptr<Sink> kafka_sink(asio::any_io_executor loop, KafkaSettings settings) {
  return std::make_unique<KafkaSink>(std::move(loop), std::move(settings));
}

}  // namespace tapwarden
