#pragma once

#include "core/api.hpp"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <optional>

namespace breakwater::desktop::test {

inline const QString adminEmail = QStringLiteral("admin@example.com");
inline const QString adminPassword = QStringLiteral("Admin123!");

/// `breakwater serve` in a folder of its own, on a free port of this machine. Ends with the test.
class RealServer {
public:
    /// `variables`: of its environment, over cheap hashes and no simulated devices.
    explicit RealServer(const QHash<QString, QString>& variables = {});
    ~RealServer();

    [[nodiscard]] QUrl address() const;
    /// SIGKILL, and waits.
    void kill();
    /// Again in the same folder, on the same port.
    void start();

private:
    QTemporaryDir m_folder;
    QHash<QString, QString> m_variables;
    QProcess m_process;
    quint16 m_port = 0;
};

/// Starts an asynchronous call, and waits for its answer.
template <class T, class Call>
Answer<T> await(Call call) {
    auto got = std::make_shared<std::optional<Answer<T>>>();
    call([got](Answer<T> answer) { *got = std::move(answer); });
    if (!QTest::qWaitFor([&] { return got->has_value(); }, 20'000))
        return std::unexpected(ApiError{.detail = QStringLiteral("the test waited in vain")});
    return std::move(**got);
}

/// A sign-in beside the one under test.
class Person {
public:
    /// Signs in; registers first where `make`.
    Person(const QUrl& server, const QString& email, const QString& password, bool make = false);

    [[nodiscard]] Session& session() { return m_session; }
    [[nodiscard]] const Api& api() const { return m_api; }

    DeviceCredentials makeDevice(const QString& name,
                                 const QString& category = QStringLiteral("weather_station"));
    /// Uploads as the device; the status of the answer.
    int upload(const DeviceCredentials& device, const QJsonObject& payload);
    /// Uploads late readings in one batch; as POST /device/readings/batch takes them.
    int uploadLate(const DeviceCredentials& device, const QJsonArray& readings);

    QObject context;

private:
    Answer<Response> send(const DeviceCredentials& device, const QString& path, const QJsonValue& body);

    NoVault m_vault;
    Session m_session{m_vault};
    Api m_api{m_session};
};

} // namespace breakwater::desktop::test
