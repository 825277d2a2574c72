// SPDX-License-Identifier: Apache-2.0
// Kafka: messages that librdkafka's idempotent producer brings to a topic, each with the record's
// key and, as headers, its id and kind.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "deliver/sink.hpp"
#include "deliver/sinks/secret.hpp"

namespace tapwarden {

struct KafkaSettings {
  std::string brokers;  ///< host:port, several with commas between them
  std::string topic;
  /// Of librdkafka, by their names there ("security.protocol", "ssl.ca.location",
  /// "sasl.mechanisms", "compression.codec"); what makes the delivery reliable is not among them.
  std::map<std::string, std::string> properties;
  Secret password;              ///< "sasl.password", where it is not to stand among the properties
  size_t batch = 500;           ///< messages, 1 to 10000
  size_t batch_size = 1 << 20;  ///< octets of their texts, 1 KiB to 64 MiB
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  ///< of a batch, 1 s to 5 min

  bool operator==(const KafkaSettings&) const = default;
};

/// Throws std::invalid_argument for settings that cannot be, with librdkafka's own words where it
/// refuses them. It reads no file.
void check_settings(const KafkaSettings& settings);

/// Delivered is what all brokers in sync have (acks=all). Throws as check_settings() does,
/// and std::runtime_error for a file that cannot be read.
std::unique_ptr<Sink> kafka_sink(boost::asio::any_io_executor loop, KafkaSettings settings);

}  // namespace tapwarden
