from celery.contrib.django.task import DjangoTask


class SalonTask(DjangoTask):
    abstract = True


def for_each_salon(task):
    raise NotImplementedError
