namespace AspireGateway.Gateway.Reliability;

/// <summary>Adds retries, breakers and what they go by.</summary>
internal static class ReliabilityRegistration
{
    /// <summary><c>Gateway:Reliability</c> holds what is usual (<see cref="ReliabilityOptions"/>); models and deployments have their own settings in the portal.</summary>
    /// <exception cref="InvalidOperationException">At start, when a setting cannot be used.</exception>
    public static void AddReliability(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReliabilityOptions>().Bind(builder.Configuration.GetSection("Gateway:Reliability"))
            .Validate(options => options.Fault() is null, "Gateway:Reliability holds a value out of range: Retries 0 to 10, RetryShare 0 to 1, FirstDelayMs up to LongestDelayMs up to 60000, TotalMs 1000 to 3600000.").ValidateOnStart();
    }
}
