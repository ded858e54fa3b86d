#include "widgets/device_actions.hpp"

#include "widgets/confirm_dialog.hpp"
#include "widgets/secret_panel.hpp"

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

DeviceActions::DeviceActions(const Api& api, Fleet& fleet, ClipboardGuard& clipboard, QWidget* window)
    : QObject{window}, m_api{api}, m_fleet{fleet}, m_clipboard{clipboard}, m_window{window} {
    const auto set = [&](QAction& action, const QString& text, const QKeySequence& keys,
                         void (DeviceActions::*ask)()) {
        action.setText(text);
        action.setShortcut(keys);
        action.setToolTip(keys.isEmpty() ? text
                                         : u"%1 (%2)"_s.arg(text, keys.toString(QKeySequence::NativeText)));
        action.setEnabled(false);
        connect(&action, &QAction::triggered, this, ask);
        m_window->addAction(&action);
    };
    set(rename, tr("Rename…"), QKeySequence{Qt::Key_F2}, &DeviceActions::askRename);
    set(rotate, tr("Rotate secret…"), QKeySequence{Qt::CTRL | Qt::Key_R}, &DeviceActions::askRotate);
    set(invalidate, tr("Invalidate tokens…"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_I},
        &DeviceActions::askInvalidate);
    set(deactivate, tr("Deactivate…"), QKeySequence{Qt::CTRL | Qt::Key_D}, &DeviceActions::askDeactivate);
    set(reactivate, tr("Reactivate…"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_D},
        &DeviceActions::askReactivate);
    set(remove, tr("Delete…"), QKeySequence{Qt::CTRL | Qt::Key_Delete}, &DeviceActions::askRemove);
}

void DeviceActions::choose(const QString& id) {
    m_id = id;
    refresh();
}

void DeviceActions::refresh() {
    const Device* chosen = device();
    const bool blocked = chosen != nullptr && chosen->isBlocked();
    for (QAction* action : {&rename, &rotate, &invalidate, &deactivate, &reactivate, &remove})
        action->setEnabled(chosen != nullptr);
    deactivate.setVisible(!blocked);
    deactivate.setEnabled(chosen != nullptr && !blocked);
    reactivate.setVisible(blocked);
    reactivate.setEnabled(blocked);
}

void DeviceActions::change(const Device& device, const QJsonObject& changes, const QString& done) {
    m_api.changeDevice(device.id, changes, this, [this, done](const Answer<Device>& changed) {
        if (!changed)
            return Q_EMIT failed(changed.error().detail);
        m_fleet.model().put(*changed);
        Q_EMIT did(done);
    });
}

void DeviceActions::askRename() {
    if (const Device* chosen = device())
        TextDialog::ask(m_window, tr("Rename the device"), tr("Its new name"), chosen->name, tr("Rename"),
                        [this, device = *chosen](const QString& name) {
                            if (name != device.name)
                                change(device, {{"name"_L1, name}},
                                       tr("“%1” is called “%2” now.").arg(device.name, name));
                        });
}

void DeviceActions::askRotate() {
    const Device* chosen = device();
    if (chosen == nullptr)
        return;
    const Question question{
        .title = tr("Rotate the secret of “%1”?").arg(chosen->name),
        .text = tr("It gets a new secret, which is shown once. The old secret and every token made from "
                   "it stop working at once; the device can't send until it has the new one."),
        .action = tr("Rotate secret"),
        .dangerous = true};
    ConfirmDialog::ask(m_window, question, [this, device = *chosen] {
        m_api.rotateSecret(device.id, this, [this, device](const Answer<DeviceCredentials>& credentials) {
            if (!credentials)
                return Q_EMIT failed(credentials.error().detail);
            auto* dialog =
                new SecretDialog{tr("The new secret of “%1”").arg(device.name), m_clipboard, m_window};
            const Category* category = m_fleet.model().category(device.category);
            dialog->panel().show(*credentials, category == nullptr ? QJsonObject{} : category->samplePayload,
                                 m_api.session().server());
            dialog->open();
            Q_EMIT did(
                tr("“%1” has a new secret. The old one and all its tokens have ended.").arg(device.name));
        });
    });
}

void DeviceActions::askInvalidate() {
    const Device* chosen = device();
    if (chosen == nullptr)
        return;
    const Question question{
        .title = tr("Invalidate the tokens of “%1”?").arg(chosen->name),
        .text = tr("Every token it has stops working at once. Its secret stays, so it can get new ones by "
                   "itself."),
        .action = tr("Invalidate tokens")};
    ConfirmDialog::ask(m_window, question, [this, device = *chosen] {
        m_api.invalidateTokens(device.id, this, [this, device](const Answer<void>& done) {
            if (!done)
                return Q_EMIT failed(done.error().detail);
            Q_EMIT did(tr("The tokens of “%1” have ended. Its secret is the same.").arg(device.name));
        });
    });
}

void DeviceActions::askDeactivate() {
    const Device* chosen = device();
    if (chosen == nullptr)
        return;
    const Question question{
        .title = tr("Deactivate “%1”?").arg(chosen->name),
        .text = tr("Its tokens stop working at once, and it gets no new ones until it is reactivated. Its "
                   "readings stay."),
        .action = tr("Deactivate"),
        .dangerous = true};
    ConfirmDialog::ask(m_window, question, [this, device = *chosen] {
        m_api.deactivateDevice(device.id, this, [this, device](const Answer<void>& done) mutable {
            if (!done)
                return Q_EMIT failed(done.error().detail);
            device.status = u"blocked"_s;
            m_fleet.model().put(device);
            Q_EMIT did(tr("“%1” is deactivated. Its tokens have ended.").arg(device.name));
        });
    });
}

void DeviceActions::askReactivate() {
    const Device* chosen = device();
    if (chosen == nullptr)
        return;
    const Question question{
        .title = tr("Reactivate “%1”?").arg(chosen->name),
        .text = tr("It may sign in again with the secret it has. Tokens of before stay ended."),
        .action = tr("Reactivate")};
    ConfirmDialog::ask(m_window, question, [this, device = *chosen] {
        change(device, {{"status"_L1, "active"_L1}}, tr("“%1” is active again.").arg(device.name));
    });
}

void DeviceActions::askRemove() {
    const Device* chosen = device();
    if (chosen == nullptr)
        return;
    const Question question{
        .title = tr("Delete “%1”?").arg(chosen->name),
        .text = tr("The device goes with all its readings, for good. Export first what you want to keep."),
        .action = tr("Delete"),
        .dangerous = true,
        .typed = chosen->name};
    ConfirmDialog::ask(m_window, question, [this, device = *chosen] {
        m_api.deleteDevice(device.id, this, [this, device](const Answer<void>& done) {
            if (!done && done.error().status != 404)
                return Q_EMIT failed(done.error().detail);
            m_fleet.model().remove(device.id);
            Q_EMIT did(tr("“%1” and its readings are deleted.").arg(device.name));
        });
    });
}

} // namespace breakwater::desktop
