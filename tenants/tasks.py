from celery.contrib.django.task import DjangoTask


class SalonTask(DjangoTask):
    abstract = True
