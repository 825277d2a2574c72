// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/kafka_producer.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "deliver/sinks/excerpt.hpp"

namespace tapwarden {

namespace {

namespace asio = boost::asio;

constexpr int kPurge = RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT;
constexpr size_t kErrorSize = 512;

struct Freed {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Configuration = std::unique_ptr<rd_kafka_conf_t, Freed>;

void set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, kErrorSize> error{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error.data(), error.size()) !=
      RD_KAFKA_CONF_OK)
    throw std::invalid_argument(fmt::format("properties: {}: {}", name, excerpt(error.data())));
}

/// What the promise of delivery rests upon, and what other settings say already.
void refuse_ours(const KafkaSettings& settings) {
  for (const char* name :
       {"acks", "bootstrap.servers", "delivery.timeout.ms", "enable.idempotence",
        "message.timeout.ms", "metadata.broker.list", "request.required.acks", "transactional.id"})
    if (settings.properties.contains(name))
      throw std::invalid_argument(fmt::format("properties: {} is ours to set", name));
  if (!settings.password.empty() && settings.properties.contains("sasl.password"))
    throw std::invalid_argument("properties: sasl.password beside a password");
}

Configuration properties(const KafkaSettings& settings) {
  refuse_ours(settings);
  Configuration conf(rd_kafka_conf_new());
  set(conf.get(), "client.id", "tapwarden");
  for (const auto& [name, value] : settings.properties) set(conf.get(), name, value);
  return conf;
}

/// librdkafka hands on what OpenSSL says of a file that is not there, which names none.
void check_files(const KafkaSettings& settings) {
  for (const char* name : {"ssl.ca.location", "ssl.certificate.location", "ssl.crl.location",
                           "ssl.key.location", "ssl.keystore.location"}) {
    auto named = settings.properties.find(name);
    bool is_file = named != settings.properties.end() && named->second != "probe";
    if (is_file && ::access(named->second.c_str(), R_OK) != 0)
      throw std::system_error(errno, std::generic_category(),
                              fmt::format("properties: {}: {}", name, named->second));
  }
}

Configuration configuration(const KafkaSettings& settings) {
  Configuration conf = properties(settings);
  check_files(settings);
  if (!settings.password.empty()) set(conf.get(), "sasl.password", read_secret(settings.password));
  set(conf.get(), "bootstrap.servers", settings.brokers);
  set(conf.get(), "enable.idempotence", "true");
  set(conf.get(), "acks", "all");
  set(conf.get(), "message.timeout.ms", std::to_string(settings.timeout.count()));
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  // It writes to standard error otherwise; what counts comes as an event as well.
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  // Tokens of OAUTHBEARER are fetched in librdkafka's own thread and not in the loop's.
  rd_kafka_conf_enable_sasl_queue(conf.get(), 1);
  return conf;
}

rd_kafka_vu_t value(rd_kafka_vtype_t type) {
  rd_kafka_vu_t made{};
  made.vtype = type;
  return made;
}

rd_kafka_vu_t octets(rd_kafka_vtype_t type, const std::string& text) {
  rd_kafka_vu_t made = value(type);
  made.u.mem.ptr = const_cast<char*>(text.data());  // copied by F_COPY
  made.u.mem.size = text.size();
  return made;
}

void add(rd_kafka_headers_t* headers, const char* name, std::string_view text) {
  rd_kafka_header_add(headers, name, -1, text.data(), static_cast<ssize_t>(text.size()));
}

}  // namespace

void check_properties(const KafkaSettings& settings) { properties(settings); }

KafkaProducer::KafkaProducer(const asio::any_io_executor& loop, const KafkaSettings& settings)
    : wake_(loop) {
  Configuration conf = configuration(settings);
  int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  wake_.assign(descriptor);
  std::array<char, kErrorSize> error{};
  handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), error.data(), error.size());
  if (!handle_) throw std::invalid_argument(fmt::format("properties: {}", excerpt(error.data())));
  static_cast<void>(conf.release());
  if (rd_kafka_error_t* none = rd_kafka_sasl_background_callbacks_enable(handle_))
    rd_kafka_error_destroy(none);  // no mechanism that has any
  queue_ = rd_kafka_queue_get_main(handle_);
  uint64_t one = 1;
  rd_kafka_queue_io_event_enable(queue_, descriptor, &one, sizeof one);
  // What came before that has woken nobody, and nothing wakes while the queue is not empty.
  static_cast<void>(!write(descriptor, &one, sizeof one));
}

KafkaProducer::~KafkaProducer() {
  if (!handle_) return;
  let_go();
  rd_kafka_destroy(handle_);
}

void KafkaProducer::let_go() {
  purge();
  rd_kafka_queue_io_event_enable(queue_, -1, nullptr, 0);
  rd_kafka_queue_destroy(queue_);
  wake_.close();
}

std::future<void> KafkaProducer::retire() {
  let_go();
  std::packaged_task<void()> end(
      [handle = std::exchange(handle_, nullptr)] { rd_kafka_destroy(handle); });
  std::future<void> ended = end.get_future();
  std::thread(std::move(end)).detach();
  return ended;
}

rd_kafka_resp_err_t KafkaProducer::produce(const std::string& topic, const Message& message,
                                           size_t index) {
  rd_kafka_vu_t topic_name = value(RD_KAFKA_VTYPE_TOPIC);
  topic_name.u.cstr = topic.c_str();
  rd_kafka_vu_t flags = value(RD_KAFKA_VTYPE_MSGFLAGS);
  flags.u.i = RD_KAFKA_MSG_F_COPY;
  rd_kafka_vu_t opaque = value(RD_KAFKA_VTYPE_OPAQUE);
  opaque.u.ptr = reinterpret_cast<void*>(index);
  // A list of our own, for librdkafka frees one that it has made itself twice where it refuses the
  // message at once (its issue 4627).
  rd_kafka_vu_t headers = value(RD_KAFKA_VTYPE_HEADERS);
  headers.u.headers = rd_kafka_headers_new(2);
  add(headers.u.headers, "id", message.id);
  add(headers.u.headers, "kind", to_string(message.kind));
  std::array<rd_kafka_vu_t, 6> parts = {topic_name,
                                        flags,
                                        opaque,
                                        headers,
                                        octets(RD_KAFKA_VTYPE_VALUE, message.text),
                                        octets(RD_KAFKA_VTYPE_KEY, message.key)};
  // Without a key any partition will do; an empty one would choose always the same.
  size_t count = message.key.empty() ? parts.size() - 1 : parts.size();
  rd_kafka_error_t* failed = rd_kafka_produceva(handle_, parts.data(), count);
  if (!failed) return RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_resp_err_t code = rd_kafka_error_code(failed);
  rd_kafka_error_destroy(failed);
  rd_kafka_headers_destroy(headers.u.headers);
  return code;
}

void KafkaProducer::wait(std::function<void()> on_ready) {
  wake_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [on_ready = std::move(on_ready)](const boost::system::error_code& error) {
                     if (!error) on_ready();
                   });
}

void KafkaProducer::serve(const OnReport& on_report, const OnTrouble& on_trouble) {
  uint64_t count = 0;
  // Before the queue: what comes after the look into it wakes us again.
  static_cast<void>(!read(wake_.native_handle(), &count, sizeof count));
  while (rd_kafka_event_t* event = rd_kafka_queue_poll(queue_, 0)) {
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR) {
      while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event))
        on_report(reinterpret_cast<size_t>(message->_private), message->err);
    } else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
      bool is_fatal = rd_kafka_event_error_is_fatal(event) != 0;
      rd_kafka_resp_err_t error = rd_kafka_event_error(event);
      std::string text = excerpt(rd_kafka_event_error_string(event));
      if (is_fatal) {
        std::array<char, kErrorSize> why{};
        error = rd_kafka_fatal_error(handle_, why.data(), why.size());
        text = excerpt(why.data());
      }
      on_trouble(error, std::move(text), is_fatal);
    }
    rd_kafka_event_destroy(event);
  }
}

void KafkaProducer::purge() { rd_kafka_purge(handle_, kPurge | RD_KAFKA_PURGE_F_NON_BLOCKING); }

}  // namespace tapwarden
