// SPDX-License-Identifier: Apache-2.0
// Producer of librdkafka, made so that an Asio loop can wait for it: it says on a descriptor that
// reports have come, and can be taken down without anybody waiting for its threads.
#pragma once

#include <librdkafka/rdkafka.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <future>
#include <string>

#include "deliver/sinks/kafka.hpp"

namespace tapwarden {

/// Throws std::invalid_argument for properties that librdkafka refuses or that are ours to set.
void check_properties(const KafkaSettings& settings);

class KafkaProducer {
 public:
  /// The index that the message was produced with and what became of it.
  using OnReport = std::function<void(size_t index, rd_kafka_resp_err_t error)>;
  /// librdkafka's words on a trouble with a broker; none of its messages is lost by that, unless it
  /// is fatal to the producer.
  using OnTrouble = std::function<void(rd_kafka_resp_err_t error, std::string text, bool is_fatal)>;

  /// Throws as kafka_sink() does.
  KafkaProducer(const boost::asio::any_io_executor& loop, const KafkaSettings& settings);
  /// Gives up what is under way and waits for librdkafka's threads, which may hang in the look-up
  /// of a name: where that must not be, retire() it before.
  ~KafkaProducer();
  KafkaProducer(const KafkaProducer&) = delete;
  KafkaProducer& operator=(const KafkaProducer&) = delete;

  rd_kafka_resp_err_t produce(const std::string& topic, const Message& message, size_t index);
  /// Calls `on_ready` once, from the loop, as soon as serve() has something to tell, and never
  /// after the producer has gone.
  void wait(std::function<void()> on_ready);
  void serve(const OnReport& on_report, const OnTrouble& on_trouble);
  /// Has all that is under way reported as given up.
  void purge();

  /// Gives up what is under way and ends the threads behind the caller's back. Nothing but the
  /// destructor may be called after that; the future is ready when they have ended.
  std::future<void> retire();

 private:
  void let_go();

  rd_kafka_t* handle_ = nullptr;
  rd_kafka_queue_t* queue_ = nullptr;
  boost::asio::posix::stream_descriptor wake_;
};

}  // namespace tapwarden
