namespace AspireGateway.Portal.Webhooks;

/// <summary>Registration of this folder.</summary>
public static class WebhooksFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddWebhooks(this IServiceCollection services)
    {
        WebhookUndos.Add(services);
        services.AddOptions<WebhookOptions>().BindConfiguration("Portal:Webhooks");
        services
            .AddSingleton<WebhooksQuery>()
            .AddSingleton<CreateWebhook>()
            .AddSingleton<UpdateWebhook>()
            .AddSingleton<DeleteWebhook>()
            .AddSingleton<TestWebhook>()
            .AddSingleton<DeliverAgain>()
            .AddSingleton<WebhookClient>()
            .AddSingleton<WebhookSender>();
    }

    /// <summary>Adds the job that announces and delivers.</summary>
    public static void AddWebhookWorker(this IServiceCollection services) => services
        .AddSingleton<WebhookAnnouncer>()
        .AddSingleton<WebhookDispatcher>()
        .AddHostedService<WebhookWorker>();
}
