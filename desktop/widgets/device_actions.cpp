#include "widgets/device_actions.hpp"

#include "widgets/confirm_dialog.hpp"
#include "widgets/secret_panel.hpp"

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

DeviceActions::DeviceActions(const Api& api, Fleet& fleet, ClipboardGuard& clipboard, QWidget* window)
    : QObject{window}, m_api{api}, m_fleet{fleet}, m_clipboard{clipboard}, m_window{window} {
    const auto setUp = [&](QAction& action, const QString& text, const QKeySequence& keys,
                           void (DeviceActions::*ask)()) {
        action.setText(text);
        action.setShortcut(keys);
        action.setToolTip(keys.isEmpty() ? text
                                         : u"%1 (%2)"_s.arg(text, keys.toString(QKeySequence::NativeText)));
        action.setEnabled(false);
        connect(&action, &QAction::triggered, this, ask);
        m_window->addAction(&action);
    };
    setUp(rename, tr("Rename…"), QKeySequence{Qt::Key_F2}, &DeviceActions::askRename);
    setUp(rotate, tr("Rotate secret…"), QKeySequence{Qt::CTRL | Qt::Key_R}, &DeviceActions::askRotate);
    setUp(invalidate, tr("Invalidate tokens…"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_I},
          &DeviceActions::askInvalidate);
    setUp(deactivate, tr("Deactivate…"), QKeySequence{Qt::CTRL | Qt::Key_D}, &DeviceActions::askDeactivate);
    setUp(reactivate, tr("Reactivate…"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_D},
          &DeviceActions::askReactivate);
    setUp(remove, tr("Delete…"), QKeySequence{Qt::CTRL | Qt::Key_Delete}, &DeviceActions::askRemove);
}

void DeviceActions::setDevice(const QString& id) {
    m_id = id;
    refresh();
}

void DeviceActions::refresh() {
    const Device* selected = device();
    const bool blocked = selected != nullptr && selected->isBlocked();
    for (QAction* action : {&rename, &rotate, &invalidate, &deactivate, &reactivate, &remove})
        action->setEnabled(selected != nullptr);
    deactivate.setVisible(!blocked);
    deactivate.setEnabled(selected != nullptr && !blocked);
    reactivate.setVisible(blocked);
    reactivate.setEnabled(blocked);
}

void DeviceActions::change(const Device& device, const messages::UpdateDeviceRequest& changes,
                           const QString& message) {
    m_api.changeDevice(device.id, changes, this, [this, message](const Answer<Device>& changed) {
        if (!changed)
            return Q_EMIT failed(changed.error().detail);
        m_fleet.model().put(*changed);
        Q_EMIT succeeded(message);
    });
}

void DeviceActions::askRename() {
    if (const Device* selected = device())
        TextDialog::ask(m_window, tr("Rename the device"), tr("New name"), selected->name, tr("Rename"),
                        [this, device = *selected](const QString& name) {
                            if (name != device.name)
                                change(device, {.name = name},
                                       tr("Renamed “%1” to “%2”.").arg(device.name, name));
                        });
}

void DeviceActions::askRotate() {
    const Device* selected = device();
    if (selected == nullptr)
        return;
    const Question question{
        .title = tr("Rotate the secret of “%1”?").arg(selected->name),
        .text = tr("The device gets a new secret, which is shown only once. The old secret and its tokens "
                   "stop working at once. The device can't send readings until you give it the new secret."),
        .action = tr("Rotate secret"),
        .dangerous = true};
    ConfirmDialog::ask(m_window, question, [this, device = *selected] {
        m_api.rotateSecret(device.id, this, [this, device](const Answer<DeviceCredentials>& credentials) {
            if (!credentials)
                return Q_EMIT failed(credentials.error().detail);
            auto* dialog =
                new SecretDialog{tr("The new secret of “%1”").arg(device.name), m_clipboard, m_window};
            const Category* category = m_fleet.model().category(device.category);
            dialog->panel().show(*credentials, category == nullptr ? QJsonObject{} : category->samplePayload,
                                 m_api.session().server());
            dialog->open();
            Q_EMIT succeeded(
                tr("“%1” has a new secret. The old secret and its tokens no longer work.").arg(device.name));
        });
    });
}

void DeviceActions::askInvalidate() {
    const Device* selected = device();
    if (selected == nullptr)
        return;
    const Question question{
        .title = tr("Invalidate the tokens of “%1”?").arg(selected->name),
        .text = tr("All tokens of the device stop working at once. It keeps its secret and can get new "
                   "tokens with it."),
        .action = tr("Invalidate tokens")};
    ConfirmDialog::ask(m_window, question, [this, device = *selected] {
        m_api.invalidateTokens(device.id, this, [this, device](const Answer<void>& done) {
            if (!done)
                return Q_EMIT failed(done.error().detail);
            Q_EMIT succeeded(tr("The tokens of “%1” no longer work. It keeps its secret.").arg(device.name));
        });
    });
}

void DeviceActions::askDeactivate() {
    const Device* selected = device();
    if (selected == nullptr)
        return;
    const Question question{
        .title = tr("Deactivate “%1”?").arg(selected->name),
        .text = tr("The tokens of the device stop working at once, and it can't get new ones until you "
                   "reactivate it. Its readings are kept."),
        .action = tr("Deactivate"),
        .dangerous = true};
    ConfirmDialog::ask(m_window, question, [this, device = *selected] {
        m_api.deactivateDevice(device.id, this, [this, device](const Answer<void>& done) mutable {
            if (!done)
                return Q_EMIT failed(done.error().detail);
            device.status = u"blocked"_s;
            m_fleet.model().put(device);
            Q_EMIT succeeded(tr("Deactivated “%1”. Its tokens no longer work.").arg(device.name));
        });
    });
}

void DeviceActions::askReactivate() {
    const Device* selected = device();
    if (selected == nullptr)
        return;
    const Question question{
        .title = tr("Reactivate “%1”?").arg(selected->name),
        .text = tr("The device can sign in again with its secret. Its old tokens stay invalid."),
        .action = tr("Reactivate")};
    ConfirmDialog::ask(m_window, question, [this, device = *selected] {
        change(device, {.status = u"active"_s}, tr("Reactivated “%1”.").arg(device.name));
    });
}

void DeviceActions::askRemove() {
    const Device* selected = device();
    if (selected == nullptr)
        return;
    const Question question{
        .title = tr("Delete “%1”?").arg(selected->name),
        .text = tr("This permanently deletes the device and all its readings. Export the data you want to "
                   "keep first."),
        .action = tr("Delete"),
        .dangerous = true,
        .requiredText = selected->name};
    ConfirmDialog::ask(m_window, question, [this, device = *selected] {
        m_api.deleteDevice(device.id, this, [this, device](const Answer<void>& done) {
            if (!done && done.error().status != 404)
                return Q_EMIT failed(done.error().detail);
            m_fleet.model().remove(device.id);
            Q_EMIT succeeded(tr("Deleted “%1” and its readings.").arg(device.name));
        });
    });
}

} // namespace breakwater::desktop
