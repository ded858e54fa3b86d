#include "widgets/color_scheme.hpp"

#include "widgets/theme.hpp"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

const QString service = u"org.freedesktop.portal.Desktop"_s;
const QString path = u"/org/freedesktop/portal/desktop"_s;
const QString interface = u"org.freedesktop.portal.Settings"_s;
const QString appearance = u"org.freedesktop.appearance"_s;
const QString colorScheme = u"color-scheme"_s;
constexpr uint prefersDark = 1;

} // namespace

ColorScheme::ColorScheme(QApplication& application, QObject* parent)
    : QObject{parent}, m_application{application}, m_systemIsDark{isDark(application.palette())} {
    watchSystemSetting();
    apply();
}

void ColorScheme::watchSystemSetting() {
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(service, path, interface, u"SettingChanged"_s, this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(service, path, interface, u"Read"_s);
    read.setArguments({appearance, colorScheme});
    auto* watcher = new QDBusPendingCallWatcher{bus.asyncCall(read), this};
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* call) {
        const QDBusPendingReply<QDBusVariant> reply = *call;
        if (reply.isValid())
            setSystemScheme(reply.value().variant());
        call->deleteLater();
    });
}

void ColorScheme::settingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
    if (group == appearance && key == colorScheme)
        setSystemScheme(value.variant());
}

void ColorScheme::setSystemScheme(const QVariant& value) {
    // Older portals wrap the value twice.
    const QVariant inner = value.canConvert<QDBusVariant>() ? value.value<QDBusVariant>().variant() : value;
    m_systemIsDark = inner.toUInt() == prefersDark;
    apply();
}

void ColorScheme::setChoice(Choice choice) {
    m_choice = choice;
    apply();
}

void ColorScheme::apply() {
    const bool dark = m_choice == Choice::System ? m_systemIsDark : m_choice == Choice::Dark;
    m_application.setPalette(dark ? darkPalette() : lightPalette());
}

} // namespace breakwater::desktop
