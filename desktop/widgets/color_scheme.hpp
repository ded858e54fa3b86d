#pragma once

#include <QDBusVariant>
#include <QObject>

class QApplication;

namespace breakwater::desktop {

/// The light or dark color scheme: the choice of the user, or the setting of the desktop. That setting comes
/// from the desktop portal, or from the initial palette if there is no portal. Follows changes to it.
class ColorScheme : public QObject {
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark };
    Q_ENUM(Choice)

    explicit ColorScheme(QApplication& application, QObject* parent = nullptr);

    void setChoice(Choice choice);
    [[nodiscard]] Choice choice() const { return m_choice; }

private Q_SLOTS:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void watchSystemSetting();
    void setSystemScheme(const QVariant& value);
    void apply();

    QApplication& m_application;
    Choice m_choice = Choice::System;
    bool m_systemIsDark;
};

} // namespace breakwater::desktop
