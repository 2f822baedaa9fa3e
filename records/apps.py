"""The app, and its rooms in the frame of every page."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Sổ và học bạ"

    def ready(self) -> None:
        from records import rooms
        from records.actions.closing import why_year_stays
        from records.actions.merges import part_of_record
        from records.actions.moving import chains_of_rows, rows_follow
        from records.actions.preparing import why_class_stays
        from records.actions.sheets import why_columns_stay
        from schools.actions.classes import ADDED_OBJECTIONS
        from schools.actions.following import FOLLOWERS, Follower
        from schools.actions.merge_plan import ADDED_PARTS
        from schools.actions.part_columns import ADDED_OBJECTIONS as OBJECTIONS_TO_COLUMNS
        from schools.actions.years import OBJECTIONS_TO_CLOSING
        from schools.rooms import add

        add(rooms.ROOMS, rooms.PARTS)
        ADDED_OBJECTIONS.append(why_class_stays)
        OBJECTIONS_TO_COLUMNS.append(why_columns_stay)
        FOLLOWERS.append(Follower(chains_of_rows, rows_follow))
        ADDED_PARTS.append(part_of_record)
        OBJECTIONS_TO_CLOSING.append(why_year_stays)
