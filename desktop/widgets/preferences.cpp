#include "widgets/preferences.hpp"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

Preferences::Preferences() : m_settings{u"Breakwater"_s, u"breakwater-desktop"_s} {}

Preferences::Preferences(const QString& file) : m_settings{file, QSettings::IniFormat} {}

QString Preferences::server() const {
    const QString environmentServer = qEnvironmentVariable("IOT_BACKEND_URL");
    return environmentServer.isEmpty() ? m_settings.value("server"_L1, u"http://127.0.0.1:8000"_s).toString()
                                       : environmentServer;
}

void Preferences::setServer(const QString& server) {
    m_settings.setValue("server"_L1, server);
}

QString Preferences::email() const {
    return m_settings.value("email"_L1).toString();
}

void Preferences::setEmail(const QString& email) {
    m_settings.setValue("email"_L1, email);
}

bool Preferences::remembers() const {
    return m_settings.value("remember"_L1, false).toBool();
}

void Preferences::setRemembers(bool remembers) {
    m_settings.setValue("remember"_L1, remembers);
}

ColorScheme::Choice Preferences::scheme() const {
    const QString name = m_settings.value("scheme"_L1).toString();
    return name == "light"_L1  ? ColorScheme::Choice::Light
           : name == "dark"_L1 ? ColorScheme::Choice::Dark
                               : ColorScheme::Choice::System;
}

void Preferences::setScheme(ColorScheme::Choice choice) {
    m_settings.setValue("scheme"_L1, choice == ColorScheme::Choice::Light  ? u"light"_s
                                     : choice == ColorScheme::Choice::Dark ? u"dark"_s
                                                                           : u"system"_s);
}

QString Preferences::language() const {
    return m_settings.value("language"_L1).toString();
}

void Preferences::setLanguage(const QString& language) {
    m_settings.setValue("language"_L1, language);
}

namespace {

QString cookieKey(const QString& account) {
    const QByteArray digest = QCryptographicHash::hash(account.toUtf8(), QCryptographicHash::Sha256);
    return u"device_cookies/"_s + QString::fromLatin1(digest.left(12).toHex());
}

} // namespace

QString Preferences::deviceCookie(const QString& account) const {
    return m_settings.value(cookieKey(account)).toString();
}

void Preferences::setDeviceCookie(const QString& account, const QString& cookie) {
    m_settings.setValue(cookieKey(account), cookie);
}

QByteArray Preferences::geometry() const {
    return m_settings.value("geometry"_L1).toByteArray();
}

void Preferences::setGeometry(const QByteArray& geometry) {
    m_settings.setValue("geometry"_L1, geometry);
}

QByteArray Preferences::columns() const {
    return m_settings.value("columns"_L1).toByteArray();
}

void Preferences::setColumns(const QByteArray& columns) {
    m_settings.setValue("columns"_L1, columns);
}

} // namespace breakwater::desktop
