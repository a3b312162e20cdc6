from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "compliance.casework"
    verbose_name = "Case work"

    def ready(self) -> None:
        from accounts import desk
        from compliance.casework import demo
        from compliance.casework.bank_holidays import alerts
        from compliance.casework.desk import figures
        from compliance.casework.outcomes import joining
        from compliance.disclosures.demo import scenes

        joining.join()
        scenes.register(demo.scene)
        desk.register_alert(figures.urgent)
        desk.register_alert(figures.unreminded)
        desk.register_alert(alerts.calendar)
